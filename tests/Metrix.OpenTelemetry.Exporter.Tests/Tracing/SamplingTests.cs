using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

public class SamplingTests
{
    private const int Requests = 10_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_event_arrives_and_nobody_else_sees_a_difference(bool isSamplerSetLast)
    {
        var exported = new List<Activity>();
        await using var telemetry = await Telemetry.TraceAsync(
            configure: o => o.QueueLimit = 2 * Requests,
            tracing: builder =>
            {
                // The exporter is added after all this; the sampler is whichever was set, wherever it stands.
                if (!isSamplerSetLast)
                    builder.SetSampler(new ParentBasedSampler(new OneInAHundred()));
                builder.AddInMemoryExporter(exported);
                if (isSamplerSetLast)
                    builder.SetSampler(_ => new ParentBasedSampler(new OneInAHundred()));
            });
        var flags = RunShop(telemetry.Source);

        var arrived = (await telemetry.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]);
        Assert.Equal(Enumerable.Range(0, Requests), arrived.Order());

        // What a pipeline without the exporter would have shown, by the same numbers of the same sampler.
        Assert.Equal(
            Enumerable.Range(0, Requests).Where(OneInAHundred.IsSampled).SelectMany(i => new[] { $"pay {i}", $"request {i}" }).Order(),
            exported.Select(activity => activity.DisplayName).Order());
        Assert.All(flags, flag => Assert.Equal(OneInAHundred.IsSampled(flag.Number), flag.IsSampled));
    }

    [Fact]
    public async Task Without_the_exporter_the_other_sees_the_same()
    {
        var exported = new List<Activity>();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
                   .SetSampler(new ParentBasedSampler(new OneInAHundred())).AddInMemoryExporter(exported).Build())
        {
            var flags = RunShop(source);
            Assert.All(flags, flag => Assert.Equal(OneInAHundred.IsSampled(flag.Number), flag.IsSampled));
        }

        await Task.CompletedTask;
        Assert.Equal(
            Enumerable.Range(0, Requests).Where(OneInAHundred.IsSampled).SelectMany(i => new[] { $"pay {i}", $"request {i}" }).Order(),
            exported.Select(activity => activity.DisplayName).Order());
    }

    [Theory]
    [InlineData(MetrixUnsampledActivities.RecordAll, new[] { "late name", "late slug", "mapped", "with slug" })]
    [InlineData(MetrixUnsampledActivities.RecordMatching, new[] { "mapped", "with slug" })]
    [InlineData(MetrixUnsampledActivities.Drop, new string[0])]
    public async Task The_setting_tells_which_of_the_unsampled_are_recorded(MetrixUnsampledActivities unsampled, string[] arrive)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.UnsampledActivities = unsampled, builder => builder.SetSampler(new AlwaysOffSampler()));
        using (var activity = telemetry.Source.StartActivity("pay"))
            activity?.OfSomeUser().SetTag("how", "late slug").SetTag("metrix.slug", "abcde");
        using (var activity = telemetry.Source.StartActivity("pay"))
        {
            activity?.OfSomeUser().SetTag("how", "late name");
            if (activity is not null)
                activity.DisplayName = "Purchase";
        }

        using (var activity = telemetry.Source.StartActivity("Purchase"))
            activity?.OfSomeUser().SetTag("how", "mapped");
        using (var activity = telemetry.Source.StartActivity(
                   "pay", ActivityKind.Internal, default(ActivityContext), [new("metrix.slug", "abcde")]))
        {
            activity?.OfSomeUser().SetTag("how", "with slug");
        }

        Assert.Equal(arrive, (await telemetry.CloseAsync()).Select(e => e.CustomAttributes["how"]).Order());
    }

    [Fact]
    public async Task What_the_sampler_adds_is_kept()
    {
        var ended = new ConcurrentQueue<Activity>();
        await using var telemetry = await Telemetry.TraceAsync(
            tracing: builder => builder.SetSampler(new Decorating()).AddProcessor(new Watching(ended)));
        using (telemetry.Source.StartActivity("browse"))
        {
        }

        var activity = Assert.Single(ended);
        Assert.Equal(("yes", "of=sampler", false), (activity.GetTagItem("decorated"), activity.TraceStateString, activity.Recorded));
    }

    [Fact]
    public async Task The_applications_sampler_is_disposed_with_tracing()
    {
        var sampler = new Decorating();
        await using (await Telemetry.TraceAsync(tracing: builder => builder.SetSampler(sampler)))
        {
        }

        Assert.True(sampler.IsDisposed);
    }

    [Fact]
    public async Task A_log_record_under_an_unsampled_activity_arrives()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using var unsampled = new Activity("request").Start();
        Assert.False(unsampled.Recorded);
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
            telemetry.Log.LogInformation("<@Purchase>");

        Assert.Single(await telemetry.CloseAsync());
    }

    /// <summary>Requests, each with a payment that gets its slug only after it started, as instrumented code has it.</summary>
    private static List<(int Number, bool IsSampled)> RunShop(ActivitySource source)
    {
        var flags = new List<(int, bool)>();
        for (var i = 0; i < Requests; i++)
        {
            using var request = source.StartActivity(ActivityKind.Server, default, [new("number", i)], name: $"request {i}");
            using var payment = source.StartActivity($"pay {i}");
            payment?.OfSomeUser().SetTag("metrix.slug", "abcde").SetTag("Number", i);

            // What a client would send on as traceparent.
            flags.Add((i, Activity.Current?.Recorded ?? false));
        }

        return flags;
    }

    /// <summary>Samples by a number that the activity starts with, so that two runs sample the same.</summary>
    private sealed class OneInAHundred : Sampler
    {
        public static bool IsSampled(int number) => number % 100 == 0;

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Tags?.FirstOrDefault(tag => tag.Key == "number").Value is int number && IsSampled(number));
    }

    private sealed class Decorating : Sampler, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(SamplingDecision.Drop, [new("decorated", "yes")], "of=sampler");

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Watching(ConcurrentQueue<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Enqueue(data);
    }
}
