using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

/// <summary>Tests that sampling costs no event, and that the exporter does not change what others sample.</summary>
public class SamplingTests
{
    private const int RequestCount = 10_000;

    private static IEnumerable<string> SampledNames => Enumerable.Range(0, RequestCount)
        .Where(OnePercentSampler.IsSampled)
        .SelectMany(number => new[] { $"pay {number}", $"request {number}" });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unsampled_events_are_delivered_and_other_exporters_see_only_sampled_spans(bool isSamplerSetLast)
    {
        var exported = new List<Activity>();
        await using var telemetry = await Telemetry.TraceAsync(
            configure: o => o.QueueLimit = 2 * RequestCount,
            tracing: builder =>
            {
                // The Metrix exporter is added after this. It must wrap the sampler wherever the application sets it.
                if (!isSamplerSetLast)
                    builder.SetSampler(new ParentBasedSampler(new OnePercentSampler()));
                builder.AddInMemoryExporter(exported);
                if (isSamplerSetLast)
                    builder.SetSampler(_ => new ParentBasedSampler(new OnePercentSampler()));
            });
        var requests = RunRequests(telemetry.Source);

        var delivered = (await telemetry.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]);
        Assert.Equal(Enumerable.Range(0, RequestCount), delivered.Order());
        Assert.Equal(SampledNames.Order(), exported.Select(activity => activity.DisplayName).Order());
        Assert.All(requests, request => Assert.Equal(OnePercentSampler.IsSampled(request.Number), request.IsSampled));
    }

    [Theory]
    [InlineData(MetrixUnsampledActivities.RecordAll)]
    [InlineData(MetrixUnsampledActivities.RecordMatching)]
    [InlineData(MetrixUnsampledActivities.Drop)]
    public async Task Another_exporter_sees_the_same_spans_with_and_without_the_Metrix_exporter(
        MetrixUnsampledActivities unsampled)
    {
        var exportedWithout = new List<Activity>();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        List<(int Number, bool IsSampled)> requestsWithout;
        using (Configure(Sdk.CreateTracerProviderBuilder().AddSource(source.Name), exportedWithout).Build())
            requestsWithout = RunRequests(source);

        var exportedWith = new List<Activity>();
        await using var telemetry = await Telemetry.TraceAsync(
            options =>
            {
                options.QueueLimit = 2 * RequestCount;
                options.UnsampledActivities = unsampled;
            },
            builder => Configure(builder, exportedWith));
        var requestsWith = RunRequests(telemetry.Source);
        Assert.NotEmpty(await telemetry.CloseAsync());

        Assert.Equal(SampledNames.Order(), exportedWithout.Select(activity => activity.DisplayName).Order());
        Assert.All(
            requestsWithout, request => Assert.Equal(OnePercentSampler.IsSampled(request.Number), request.IsSampled));
        Assert.Equal(exportedWithout.Select(ExportedSpan.From), exportedWith.Select(ExportedSpan.From));
        Assert.Equal(requestsWithout, requestsWith);

        static TracerProviderBuilder Configure(TracerProviderBuilder builder, ICollection<Activity> exported) =>
            builder.SetSampler(new ParentBasedSampler(new OnePercentSampler())).AddInMemoryExporter(exported);
    }

    [Theory]
    [InlineData(MetrixUnsampledActivities.RecordAll, new[] { "late name", "late slug", "mapped", "with slug" })]
    [InlineData(MetrixUnsampledActivities.RecordMatching, new[] { "mapped", "with slug" })]
    [InlineData(MetrixUnsampledActivities.Drop, new string[0])]
    public async Task UnsampledActivities_determines_which_unsampled_activities_are_recorded(
        MetrixUnsampledActivities unsampled, string[] expectedCases)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.UnsampledActivities = unsampled, builder => builder.SetSampler(new AlwaysOffSampler()));
        using (var activity = telemetry.Source.StartActivity("pay"))
            activity?.WithIdentity().SetTag("case", "late slug").SetTag("metrix.slug", "abcde");
        using (var activity = telemetry.Source.StartActivity("pay"))
        {
            activity?.WithIdentity().SetTag("case", "late name");
            if (activity is not null)
                activity.DisplayName = "Purchase";
        }

        using (var activity = telemetry.Source.StartActivity("Purchase"))
            activity?.WithIdentity().SetTag("case", "mapped");
        using (var activity = telemetry.Source.StartActivity(
                   "pay", ActivityKind.Internal, default(ActivityContext), [new("metrix.slug", "abcde")]))
        {
            activity?.WithIdentity().SetTag("case", "with slug");
        }

        var events = await telemetry.CloseAsync();
        Assert.Equal(expectedCases, events.Select(e => e.CustomAttributes["case"]).Order());
    }

    [Fact]
    public async Task Attributes_and_trace_state_of_the_sampler_are_kept()
    {
        var stopped = new ConcurrentQueue<Activity>();
        await using var telemetry = await Telemetry.TraceAsync(
            tracing: builder => builder
                .SetSampler(new DecoratingSampler())
                .AddProcessor(new CollectingProcessor(stopped)));
        using (telemetry.Source.StartActivity("browse"))
        {
        }

        var activity = Assert.Single(stopped);
        Assert.Equal(
            ("yes", "of=sampler", false),
            (activity.GetTagItem("decorated"), activity.TraceStateString, activity.Recorded));
    }

    [Fact]
    public async Task The_sampler_of_the_application_is_disposed_with_the_provider()
    {
        var sampler = new DecoratingSampler();
        await using (await Telemetry.TraceAsync(tracing: builder => builder.SetSampler(sampler)))
        {
        }

        Assert.True(sampler.IsDisposed);
    }

    [Fact]
    public async Task A_log_record_in_an_unsampled_activity_is_delivered()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using var unsampled = new Activity("request").Start();
        Assert.False(unsampled.Recorded);
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation("<@Purchase>");

        Assert.Single(await telemetry.CloseAsync());
    }

    /// <summary>
    /// Runs requests, each with a payment that gets its slug only after it started, as instrumented code does. Returns
    /// the sampling flag that an HTTP client in each request would propagate.
    /// </summary>
    private static List<(int Number, bool IsSampled)> RunRequests(ActivitySource source)
    {
        var requests = new List<(int, bool)>();
        for (var i = 0; i < RequestCount; i++)
        {
            using var request = source.StartActivity(
                ActivityKind.Server, default, [new("number", i)], name: $"request {i}");
            using var payment = source.StartActivity($"pay {i}");
            payment?.WithIdentity().SetTag("metrix.slug", "abcde").SetTag("Number", i);
            requests.Add((i, Activity.Current?.Recorded ?? false));
        }

        return requests;
    }

    /// <summary>Represents what another exporter sees of a span, without ids and times.</summary>
    private sealed record ExportedSpan(
        string Name,
        ActivityKind Kind,
        ActivityTraceFlags Flags,
        bool IsAllDataRequested,
        string? TraceState,
        string? ParentName,
        string Tags)
    {
        public static ExportedSpan From(Activity activity) => new(
            activity.DisplayName,
            activity.Kind,
            activity.ActivityTraceFlags,
            activity.IsAllDataRequested,
            activity.TraceStateString,
            activity.Parent?.DisplayName,
            string.Join("; ", activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
    }

    /// <summary>Samples by a number that the activity starts with, so that two runs sample the same.</summary>
    private sealed class OnePercentSampler : Sampler
    {
        public static bool IsSampled(int number) => number % 100 == 0;

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        {
            var number = samplingParameters.Tags?.FirstOrDefault(tag => tag.Key == "number").Value as int?;
            return new SamplingResult(number is { } value && IsSampled(value));
        }
    }

    private sealed class DecoratingSampler : Sampler, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(SamplingDecision.Drop, [new("decorated", "yes")], "of=sampler");

        public void Dispose() => IsDisposed = true;
    }

    private sealed class CollectingProcessor(ConcurrentQueue<Activity> stopped) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => stopped.Enqueue(data);
    }
}
