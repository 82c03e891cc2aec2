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

/// <summary>The exporters of those who compose a pipeline by hand.</summary>
public class PlainExporterTests
{
    [Fact]
    public async Task Sampled_activities_are_sent()
    {
        var (emulator, options, books) = await StartAsync();
        using var source = new ActivitySource($"Shop-{options.AppId}");
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
                   .AddProcessor(new BatchActivityExportProcessor(new MetrixTraceExporter(options))).Build())
        {
            for (var i = 0; i < 100; i++)
            {
                using var activity = source.StartActivity("Purchase")!.OfSomeUser().AddEvent(new ActivityEvent("Refund"));
            }
        }

        Assert.Equal((100, 100), (emulator.Events.Count(e => e.EventSlug == "taqsq"), emulator.Events.Count(e => e.EventSlug == "qzrtw")));
        await EndAsync(emulator, books);
    }

    [Fact]
    public async Task Log_records_are_sent()
    {
        var (emulator, options, books) = await StartAsync();
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o =>
        {
            o.IncludeScopes = true;
            o.AddProcessor(new BatchLogRecordExportProcessor(new MetrixLogExporter(options)));
        })))
        {
            var log = logging.CreateLogger("Shop");
            using var scope = log.BeginScope(TestData.IdentityAttributes());
            for (var i = 0; i < 100; i++)
                log.LogInformation("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 100), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        await EndAsync(emulator, books);
    }

    [Fact]
    public async Task A_batch_with_an_event_that_is_refused_has_failed()
    {
        var (emulator, options, books) = await StartAsync();
        using var exporter = new MetrixTraceExporter(options);
        var good = new Activity("Purchase").OfSomeUser().Start();
        good.Stop();
        Assert.Equal(ExportResult.Success, exporter.Export(new Batch<Activity>([good, new Activity("browse")], 2)));
        Assert.Equal(ExportResult.Failure, exporter.Export(new Batch<Activity>([new Activity("Purchase"), good], 2)));
        Assert.True(exporter.ForceFlush());

        Assert.Equal((2, 1), (emulator.Events.Count, books.Completed("invalid", "user_id_missing")));
        await EndAsync(emulator, books);
    }

    [Fact]
    public async Task Nobody_is_taken_from_the_thread_of_the_batches()
    {
        var (emulator, options, books) = await StartAsync();
        options.BaggageKeys.Add("campaign");
        using var source = new ActivitySource($"Shop-{options.AppId}");
        TracerProvider tracing;
        using (Client.MetrixContext.BeginScope(TestData.Identity()))
        {
            Baggage.SetBaggage("campaign", "of the builder");
            tracing = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
                .AddProcessor(new BatchActivityExportProcessor(new MetrixTraceExporter(options))).Build();
        }

        using (source.StartActivity("Purchase"))
        {
        }

        using (source.StartActivity("Purchase")!.OfSomeUser())
        {
        }

        await Task.Run(tracing.Dispose);
        Assert.Equal(1, books.Completed("invalid", "user_id_missing"));
        Assert.Empty(Assert.Single(emulator.Events).CustomAttributes);
        await EndAsync(emulator, books);
    }

    [Fact]
    public void Bad_settings_throw_at_once()
    {
        Assert.Contains("AppId", Assert.Throws<ArgumentException>(() => new MetrixTraceExporter(new())).Message);
        Assert.Contains("AppId", Assert.Throws<ArgumentException>(() => new MetrixLogExporter(new())).Message);
        Assert.Throws<ArgumentNullException>(() => new MetrixTraceExporter(null!));
        Assert.Throws<ArgumentNullException>(() => new MetrixLogExporter(null!));
    }

    private static async Task<(MetrixEmulator Emulator, MetrixExporterOptions Options, MeterRecorder Books)> StartAsync()
    {
        var appId = TestData.AppId();
        var books = new MeterRecorder(appId);
        var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { [appId] = Telemetry.DevKey } });
        var options = new MetrixExporterOptions { AppId = appId, DevKey = Telemetry.DevKey, Endpoint = emulator.Endpoint };
        options.Slugs["Purchase"] = "taqsq";
        options.Slugs["Refund"] = "qzrtw";
        return (emulator, options, books);
    }

    private static async Task EndAsync(MetrixEmulator emulator, MeterRecorder books)
    {
        await emulator.DisposeAsync();
        books.AssertBalanced();
        books.Dispose();
    }
}
