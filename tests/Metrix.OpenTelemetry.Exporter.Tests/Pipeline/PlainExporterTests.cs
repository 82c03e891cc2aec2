using System.Diagnostics;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Pipeline;

/// <summary>Tests the exporters for a pipeline that you compose yourself.</summary>
public class PlainExporterTests
{
    [Fact]
    public async Task Sampled_activities_and_activity_events_are_sent()
    {
        var (emulator, options, meter) = await StartAsync();
        using var source = new ActivitySource($"Shop-{options.AppId}");
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
                   .AddProcessor(new BatchActivityExportProcessor(new MetrixTraceExporter(options))).Build())
        {
            for (var i = 0; i < 100; i++)
            {
                using var activity = source.StartActivity("Purchase")!.WithIdentity();
                activity.AddEvent(new ActivityEvent("Refund"));
            }
        }

        Assert.Equal(
            (100, 100),
            (emulator.Events.Count(e => e.EventSlug == "taqsq"), emulator.Events.Count(e => e.EventSlug == "qzrtw")));
        await EndAsync(emulator, meter);
    }

    [Fact]
    public async Task Log_records_are_sent()
    {
        var (emulator, options, meter) = await StartAsync();
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o =>
        {
            o.IncludeScopes = true;
            o.AddProcessor(new BatchLogRecordExportProcessor(new MetrixLogExporter(options)));
        })))
        {
            var logger = logging.CreateLogger("Shop");
            using var scope = logger.BeginScope(TestData.IdentityAttributes());
            for (var i = 0; i < 100; i++)
                logger.LogInformation("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 100), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        await EndAsync(emulator, meter);
    }

    [Fact]
    public async Task Export_fails_when_an_event_of_the_batch_is_refused()
    {
        var (emulator, options, meter) = await StartAsync();
        using var exporter = new MetrixTraceExporter(options);
        var good = new Activity("Purchase").WithIdentity().Start();
        good.Stop();
        Assert.Equal(ExportResult.Success, exporter.Export(new Batch<Activity>([good, new Activity("browse")], 2)));
        Assert.Equal(ExportResult.Failure, exporter.Export(new Batch<Activity>([new Activity("Purchase"), good], 2)));
        Assert.True(exporter.ForceFlush());

        Assert.Equal((2, 1), (emulator.Events.Count, meter.Completed("invalid", "user_id_missing")));
        await EndAsync(emulator, meter);
    }

    [Fact]
    public async Task The_ambient_identity_and_baggage_of_the_export_thread_are_not_read()
    {
        var (emulator, options, meter) = await StartAsync();
        options.BaggageKeys.Add("campaign");
        using var source = new ActivitySource($"Shop-{options.AppId}");
        TracerProvider tracing;
        using (MetrixContext.BeginScope(TestUser.Identity()))
        {
            Baggage.SetBaggage("campaign", "of the builder");
            tracing = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
                .AddProcessor(new BatchActivityExportProcessor(new MetrixTraceExporter(options))).Build();
        }

        using (source.StartActivity("Purchase"))
        {
        }

        using (source.StartActivity("Purchase")!.WithIdentity())
        {
        }

        await Task.Run(tracing.Dispose);
        Assert.Equal(1, meter.Completed("invalid", "user_id_missing"));
        Assert.Empty(Assert.Single(emulator.Events).CustomAttributes);
        await EndAsync(emulator, meter);
    }

    [Fact]
    public void Invalid_settings_throw_in_the_constructor()
    {
        Assert.Contains("AppId", Assert.Throws<ArgumentException>(() => new MetrixTraceExporter(new())).Message);
        Assert.Contains("AppId", Assert.Throws<ArgumentException>(() => new MetrixLogExporter(new())).Message);
        Assert.Throws<ArgumentNullException>(() => new MetrixTraceExporter(null!));
        Assert.Throws<ArgumentNullException>(() => new MetrixLogExporter(null!));
    }

    private static async Task<(MetrixEmulator Emulator, MetrixExporterOptions Options, MeterRecorder Meter)>
        StartAsync()
    {
        var appId = TestUser.AppId();
        var meter = new MeterRecorder(appId);
        var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { [appId] = Telemetry.DevKey } });
        var options = new MetrixExporterOptions
        {
            AppId = appId,
            DevKey = Telemetry.DevKey,
            Endpoint = emulator.Endpoint,
        };
        options.Slugs["Purchase"] = "taqsq";
        options.Slugs["Refund"] = "qzrtw";
        return (emulator, options, meter);
    }

    private static async Task EndAsync(MetrixEmulator emulator, MeterRecorder meter)
    {
        await emulator.DisposeAsync();
        meter.AssertBalanced();
        meter.Dispose();
    }
}
