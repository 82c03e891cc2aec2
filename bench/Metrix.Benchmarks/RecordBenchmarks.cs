using BenchmarkDotNet.Attributes;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.Metrix.Records;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures one log event: recognizing an ordinary event and a Metrix event, and mapping and encoding the latter.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private readonly LogEvent _ordinary = Event(
        "{Method} {Path} took {Elapsed} ms", ("Method", "GET"), ("Path", "/products"), ("Elapsed", 12.5));

    private readonly LogEvent _purchase = Event(
        "{@Purchase}",
        ("Purchase", new StructureValue(
        [
            new("OrderId", new ScalarValue(12345)), new("Amount", new ScalarValue(130.5m)),
            new("Currency", new ScalarValue("IRR")), new("Product", new ScalarValue("کتاب")),
            new("Address", new StructureValue([new("City", new ScalarValue("تهران"))])),
        ])),
        ("MetrixUserId", "mx-user-1001"), ("MetrixSessionId", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001"),
        ("MetrixAdvertisingId", "38400000-8cf0-11bd-b23e-10b96e40000d"), ("SourceContext", "Shop.Checkout"));

    private readonly LogEventRecognizer _recognizer;
    private readonly SlugMap _slugs;
    private readonly EventBuilder _builder;
    private readonly EventEncoder _encoder = new();

    public RecordBenchmarks()
    {
        var options = new MetrixOptions { Slugs = { ["Purchase"] = "taqsq" } };
        _slugs = new SlugMap(options.Slugs);
        _builder = new EventBuilder(new MappingRules(options, PropertyFilter.LoggingNoise));
        _recognizer = new LogEventRecognizer(_slugs);
    }

    [Benchmark]
    public bool Ordinary() => _recognizer.TryRecognize(_ordinary, out _);

    [Benchmark]
    public bool Recognize() => _recognizer.TryRecognize(_purchase, out _);

    [Benchmark]
    public byte[] MapAndEncode()
    {
        _recognizer.TryRecognize(_purchase, out var match);
        LogEventReader.Read(_purchase, match, _slugs, _builder);
        return _encoder.Encode(_builder);
    }

    internal static LogEvent Event(string template, params (string Name, object Value)[] properties) => new(
        TimeProvider.System.GetUtcNow(), LogEventLevel.Information, exception: null,
        new MessageTemplateParser().Parse(template),
        properties.Select(p => new LogEventProperty(
            p.Name, p.Value as LogEventPropertyValue ?? new ScalarValue(p.Value))));
}
