using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Records;
using Metrix.OpenTelemetry.Exporter.Sampling;
using OpenTelemetry.Trace;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures one activity on the thread that ends it: recognizing an ordinary activity, mapping and encoding an event,
/// and what the sampler adds to a decision.
/// </summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    private static readonly Sampler Off = new AlwaysOffSampler();

    private readonly Activity _ordinary = Ended(
        "GET /products", ("http.request.method", "GET"), ("http.route", "/products"), ("took", 12.5));

    private readonly Activity _purchase = Ended(
        "Purchase",
        ("OrderId", 12345), ("Amount", 130.5m), ("Currency", "IRR"), ("Product", "کتاب"), ("City", "تهران"),
        ("metrix.user_id", "mx-user-1001"), ("metrix.session_id", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001"),
        ("metrix.advertising_id", "38400000-8cf0-11bd-b23e-10b96e40000d"));

    private readonly ActivityRecognizer _recognizer;
    private readonly ActivityReader _reader = new([], isOnEmittingThread: true);
    private readonly EventBuilder _builder;
    private readonly EventEncoder _encoder = new();
    private readonly Sampler _record;
    private readonly Sampler _mapped;

    public TelemetryBenchmarks()
    {
        var options = new MetrixOptions { Slugs = { ["Purchase"] = "taqsq", ["POST /checkout"] = "xkcvb" } };
        var slugs = new SlugMap(options.Slugs);
        _builder = new EventBuilder(new MappingRules(options, PropertyFilter.TracingNoise));
        _recognizer = new ActivityRecognizer(slugs);
        _record = RecordingSampler.Over(Off, MetrixUnsampledActivities.RecordAll, slugs);
        _mapped = RecordingSampler.Over(Off, MetrixUnsampledActivities.RecordMatching, slugs);
    }

    [Benchmark]
    public bool Ordinary() => _recognizer.TryRecognize(_ordinary, out _);

    [Benchmark]
    public byte[] MapAndEncode()
    {
        _recognizer.TryRecognize(_purchase, out var recognition);
        _reader.Read(new RecognizedActivity(_purchase, null, recognition), _builder);
        return _encoder.Encode(_builder);
    }

    [Benchmark]
    public SamplingDecision SamplerAlone() => Decide(Off);

    [Benchmark]
    public SamplingDecision SamplerRecord() => Decide(_record);

    [Benchmark]
    public SamplingDecision SamplerMapped() => Decide(_mapped);

    private static SamplingDecision Decide(Sampler sampler)
    {
        var parameters = new SamplingParameters(default, default, "GET /products", ActivityKind.Server, null, null);
        return sampler.ShouldSample(parameters).Decision;
    }

    private static Activity Ended(string name, params (string Name, object Value)[] tags)
    {
        var activity = new Activity(name);
        foreach (var (tag, value) in tags)
            activity.SetTag(tag, value);
        activity.Start().Stop();
        return activity;
    }
}
