using Metrix.Client;
using Metrix.Client.Rules;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Records;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Tests.Logging;

/// <summary>Tests which log records become events.</summary>
public partial class LogRecordRecognitionTests
{
    [Fact]
    public async Task A_slug_attribute_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation("{metrix.slug}: paid {Amount} {Currency}", "abcde", 130.5, "IRR");

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            ("abcde", 130.5, "IRR"),
            (purchase.EventSlug, purchase.CustomMetrics["Amount"], purchase.CustomAttributes["Currency"]));
        Assert.Single(purchase.CustomAttributes);
    }

    [Fact]
    public async Task The_innermost_scope_with_a_slug_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Logger.BeginScope("{metrix.slug} in {Shop}", "abcde", "Tehran"))
        using (telemetry.Logger.BeginScope(
            new List<KeyValuePair<string, object?>> { new("MetrixSlug", "fghij"), new("Shop", "Shiraz") }))
        using (telemetry.Logger.BeginScope("a scope without names"))
            telemetry.Logger.LogInformation("paid {Amount}", 1);

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(("fghij", "Shiraz"), (purchase.EventSlug, purchase.CustomAttributes["Shop"]));
        Assert.Equal(["Shop"], purchase.CustomAttributes.Keys);
    }

    [Fact]
    public async Task Scopes_are_not_read_when_the_host_does_not_include_them()
    {
        await using var telemetry = await Telemetry.LogAsync(logging: options => options.IncludeScopes = false);
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
            telemetry.Logger.LogInformation("<@Purchase>");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Meter.Completed("invalid", "user_id_missing"));
    }

    [Theory]
    [InlineData("<@Purchase> of {Amount}", "taqsq")]
    [InlineData("paid {Amount} <@abcde>", "abcde")]
    public async Task A_marker_in_the_template_makes_an_event(string template, string slug)
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.Log(LogLevel.Information, 0, template, 5);
            telemetry.Logger.LogInformation("Comment: {Comment}", "<@Purchase>");
        }

        Assert.Equal(slug, (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task A_captured_object_makes_an_event_when_the_map_has_its_name()
    {
        await using var telemetry = await Telemetry.LogAsync(o => o.Attributes.Add("OrderId"));
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            var address = new { City = "تهران", Lines = new[] { "1", "2" } };
            telemetry.Logger.LogInformation(
                "{@Purchase}",
                new
                {
                    OrderId = 12345,
                    Amount = 130.5m,
                    Address = address,
                    Coupon = (string?)null,
                    Items = new[] { new { Sku = "A" } },
                });
            telemetry.Logger.LogInformation("{@Order}", new { OrderId = 1 });
            telemetry.Logger.LogInformation("{Purchase}", new { OrderId = 2 });
        }

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OrderId"] = "12345",
                ["Address.City"] = "تهران",
                ["Address.Lines"] = """["1","2"]""",
                ["Items"] = """[{"Sku":"A"}]""",
            },
            purchase.CustomAttributes.ToDictionary());
        Assert.Equal(130.5, purchase.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task A_dictionary_attribute_with_a_mapped_name_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.LogInformation(
                "{Purchase} {@Extra}", new Dictionary<string, object> { ["Amount"] = 5 }, new { Gift = true });
        }

        var purchase = await telemetry.SingleAsync();
        Assert.Equal((5, "true"), (purchase.CustomMetrics["Amount"], purchase.CustomAttributes["Extra.Gift"]));
    }

    [Fact]
    public async Task A_mapped_event_id_name_makes_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.LogInformation(new EventId(7, "Purchase"), "paid {Amount}", 1);
            LogPaid(telemetry.Logger, 2);
            telemetry.Logger.LogInformation(new EventId(7, "Browse"), "paid {Amount}", 3);
        }

        Assert.Equal([1, 2], (await telemetry.CloseAsync()).Select(e => (int)e.CustomMetrics["Amount"]).Order());
    }

    [Fact]
    public async Task A_slug_attribute_overrides_a_marker_and_a_marker_overrides_a_capture()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.LogInformation("<@Refund> {@Purchase} {metrix.slug}", new { A = 1 }, "abcde");
            telemetry.Logger.LogInformation("<@Refund> {@Purchase}", new { A = 2 });
        }

        Assert.Equal(["abcde", "qzrtw"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task A_marker_in_an_attribute_that_is_not_the_template_does_not_make_an_event()
    {
        await using var telemetry = await Telemetry.LogAsync();
        telemetry.Logger.Log(
            LogLevel.Information,
            0,
            new List<KeyValuePair<string, object?>> { new("Comment", "<@Purchase>") },
            null,
            (_, _) => "");

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(0, telemetry.Meter.Recognized);
    }

    [Fact]
    public async Task Recognition_of_ordinary_log_records_allocates_nothing()
    {
        var recognizer = new LogRecordRecognizer(
            new SlugMap(new Dictionary<string, MetrixEventRule> { ["Purchase"] = "taqsq" }));
        var processor = new AllocationProcessor(record => recognizer.TryRecognize(record, out _));
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(o => o.AddProcessor(processor))))
        {
            var log = logging.CreateLogger("Shop");
            for (var i = 0; i < 100; i++)
                LogElapsed(log, i, 12.5, Guid.Empty);
        }

        Assert.Equal(0, processor.AllocatedBytes);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_log_record_without_a_template_makes_an_event_by_its_event_id_name()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        {
            telemetry.Logger.Log(
                LogLevel.Information, new EventId(1, "Purchase"), "just a text", null, (state, _) => state);
            telemetry.Logger.Log(LogLevel.Information, 0, 12345, null, (_, _) => "<@Purchase>");
        }

        Assert.Equal("taqsq", (await telemetry.SingleAsync()).EventSlug);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Number} took {Elapsed} for {Id}")]
    private static partial void LogElapsed(ILogger logger, int number, double elapsed, Guid id);

    [LoggerMessage(EventName = "Purchase", Level = LogLevel.Information, Message = "paid {Amount}")]
    private static partial void LogPaid(ILogger logger, int amount);

    /// <summary>Measures what recognizing a record allocates after its template is in the cache.</summary>
    private sealed class AllocationProcessor(Action<LogRecord> recognize) : BaseProcessor<LogRecord>
    {
        private int _recordCount;

        public long AllocatedBytes { get; private set; }

        public override void OnEnd(LogRecord data)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            recognize(data);
            if (_recordCount++ > 10)
                AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
