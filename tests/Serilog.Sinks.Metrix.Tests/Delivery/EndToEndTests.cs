using System.Globalization;
using System.Text;
using Metrix.Client;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog.Context;
using Serilog.Core.Enrichers;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests each way to log an event, from the log call to the request.</summary>
public class EndToEndTests
{
    [Fact]
    public async Task A_slug_in_the_logger_context_makes_an_event()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.ForContext("metrix.slug", "taqsq").Information("Paid {Amount} {Currency}", 130.5, "IRR");

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", purchase.EventSlug);
        Assert.Equal(TestUser.UserId, purchase.MetrixUserId);
        Assert.Equal(TestUser.SessionId, purchase.MetrixSessionId);
        Assert.Equal(TestUser.AdvertisingId, purchase.AdvertisingId);
        Assert.Equal(130.5, Assert.Single(purchase.CustomMetrics, m => m.Key == "Amount").Value);
        Assert.Equal("IRR", Assert.Single(purchase.CustomAttributes, a => a.Key == "Currency").Value);
    }

    [Fact]
    public async Task A_slug_in_the_template_makes_an_event_and_is_not_sent_as_an_attribute()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("{metrix.slug}: paid {Amount}", "taqsq", 130.5);

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", purchase.EventSlug);
        Assert.Equal(["Amount"], purchase.CustomMetrics.Keys);
        Assert.Empty(purchase.CustomAttributes);
    }

    [Fact]
    public async Task A_marker_makes_an_event_with_and_without_properties()
    {
        await using var shop = await Shop.StartAsync(o => o.Attributes.Add("OrderId"));
        shop.UserLogger.Information("<@Purchase>");
        shop.UserLogger.Information("<@Purchase> order {OrderId} of {Amount}", 12345, 130.5);

        var events = await shop.CloseAsync();
        Assert.Equal(["taqsq", "taqsq"], events.Select(e => e.EventSlug));
        var full = Assert.Single(events, e => e.CustomMetrics.Count > 0);
        Assert.Equal("12345", full.CustomAttributes["OrderId"]);
        Assert.Equal(130.5, full.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task A_captured_object_makes_an_event_with_its_members()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("{@Purchase}", new
        {
            Product = "کتاب",
            Amount = 130.5m,
            PaidAt = new DateTimeOffset(2026, 3, 21, 10, 20, 30, TimeSpan.FromMinutes(210)),
            Address = new { City = "تهران" },
            Items = new[] { "A-1", "B-2" },
            Extra = new Dictionary<string, object> { ["gift"] = true, ["rank"] = 3 },
            Coupon = (string?)null,
        });

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", purchase.EventSlug);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Product"] = "کتاب",
                ["PaidAt"] = "2026-03-21T10:20:30+03:30",
                ["Address.City"] = "تهران",
                ["Items"] = """["A-1","B-2"]""",
                ["Extra.gift"] = "true",
            },
            purchase.CustomAttributes.ToDictionary());
        Assert.Equal(
            new Dictionary<string, double> { ["Amount"] = 130.5, ["Extra.rank"] = 3 },
            purchase.CustomMetrics.ToDictionary());
    }

    [Fact]
    public async Task Slug_and_ids_are_read_from_the_log_context()
    {
        await using var shop = await Shop.StartAsync();
        using (LogContext.PushProperty("MetrixSlug", "Refund"))
        using (LogContext.PushProperty("MetrixUserId", "u-1"))
        using (LogContext.PushProperty("MetrixSessionId", "s-1"))
        using (LogContext.PushProperty("MetrixIdfa", TestUser.Idfa))
        using (LogContext.PushProperty("metrix.device_ip", "203.0.113.7"))
            shop.Logger.Information("Refunded");

        var refund = Assert.Single(await shop.CloseAsync());
        Assert.Equal(
            ("qzrtw", "u-1", "s-1", TestUser.Idfa, null, "203.0.113.7"),
            (refund.EventSlug, refund.MetrixUserId, refund.MetrixSessionId,
                refund.Idfa, refund.AdvertisingId, refund.DeviceIp));
        Assert.Empty(refund.CustomAttributes);
    }

    [Fact]
    public async Task Ids_are_read_from_an_enricher_and_from_a_mapped_property()
    {
        await using var shop = await Shop.StartAsync(
            o => o.Fields["metrixUserId"] = "CustomerMetrixId",
            logging => logging.Enrich.With(
            [
                .. TestData.Identity.Skip(1), new PropertyEnricher("CustomerMetrixId", "from-the-shop"),
            ]));
        shop.Logger.Information("<@Purchase>");

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal("from-the-shop", purchase.MetrixUserId);
        Assert.Empty(purchase.CustomAttributes);
    }

    [Fact]
    public async Task Slug_and_ids_are_read_from_a_scope_of_Microsoft_Extensions_Logging()
    {
        await using var shop = await Shop.StartAsync();
        using (var factory = new SerilogLoggerFactory(shop.Logger))
        {
            var logger = factory.CreateLogger<EndToEndTests>();
            using (logger.BeginScope(new Dictionary<string, object>
            {
                ["metrix.user_id"] = "u-1",
                ["metrix.session_id"] = "s-1",
                ["metrix.idfa"] = TestUser.Idfa,
                ["Shop"] = "Tehran",
            }))
            {
                logger.LogInformation(new EventId(7, "Paid"), "{@Purchase}", new { Amount = 1.5 });
                using (logger.BeginScope(new Dictionary<string, object> { ["metrix.slug"] = "Refund" }))
                    logger.LogWarning("Refunded {Amount}", 2.5);
            }
        }

        var events = (await shop.CloseAsync()).OrderBy(e => e.CustomMetrics["Amount"]).ToArray();
        Assert.Equal(["taqsq", "qzrtw"], events.Select(e => e.EventSlug));
        Assert.All(events, e => Assert.Equal("u-1", e.MetrixUserId));
        Assert.All(events, e => Assert.Equal(["Shop"], e.CustomAttributes.Keys));
    }

    [Fact]
    public async Task A_log_event_without_a_slug_is_not_recognized()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("{@Order}", new { Amount = 130.5 });
        shop.UserLogger.Information("Paid {Amount}", 130.5);

        Assert.Empty(await shop.CloseAsync());
        Assert.Empty(shop.Emulator.Rejected);
        Assert.Equal(0, shop.Meter.Recognized);
    }

    [Theory]
    [InlineData(MetrixEventTimeUnit.Milliseconds, "1790000000123")]
    [InlineData(MetrixEventTimeUnit.Seconds, "1790000000")]
    public async Task An_event_time_property_overrides_the_time_of_the_log_event(
        MetrixEventTimeUnit unit, string expected)
    {
        await using var shop = await Shop.StartAsync(o => o.EventTimeUnit = unit);
        shop.UserLogger.ForContext("metrix.event_time", 1790000000123).Information("<@Purchase>");
        shop.UserLogger
            .ForContext("metrix.event_time", DateTimeOffset.FromUnixTimeMilliseconds(1790000000123))
            .Information("<@Purchase>");

        Assert.All(await shop.CloseAsync(), e => Assert.Equal(expected, e.EventTime));
    }

    [Fact]
    public async Task The_event_time_defaults_to_the_time_of_the_log_event()
    {
        await using var shop = await Shop.StartAsync();
        var logEvent = TestData.Event(
            "<@Purchase>", ("MetrixUserId", "u"), ("MetrixSessionId", "s"), ("MetrixIdfa", TestUser.Idfa));
        shop.Logger.Write(new LogEvent(
            new DateTimeOffset(2026, 3, 21, 10, 20, 30, 456, TimeSpan.FromMinutes(210)), logEvent.Level, null,
            logEvent.MessageTemplate, logEvent.Properties.Select(p => new LogEventProperty(p.Key, p.Value))));

        Assert.Equal("1774075830456", Assert.Single(await shop.CloseAsync()).EventTime);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public async Task The_body_is_the_same_in_every_culture(string culture)
    {
        // The sink maps events on a background thread, which gets the default culture.
        var before = (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(culture);
            await using var shop = await Shop.StartAsync();
            shop.UserLogger
                .ForContext("metrix.event_time", 1790000000123)
                .Information(
                    "<@Purchase> {Amount} {Date} {Text}",
                    -1234.5, new DateTime(2026, 3, 21, 1, 2, 3, DateTimeKind.Utc), "کتاب‌ها");

            var body = Assert.Single(await shop.CloseAsync()).Request.Body;
            Assert.Equal(
                """
                {"metrixUserId":"mx-user-1001",
                "metrixSessionId":"0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001",
                "advertisingId":"38400000-8cf0-11bd-b23e-10b96e40000d",
                "eventSlug":"taqsq","eventTime":"1790000000123",
                "customAttributes":{"Date":"2026-03-21T01:02:03Z","Text":"کتاب‌ها"},
                "customMetrics":{"Amount":-1234.5}}
                """.ReplaceLineEndings(""),
                Encoding.UTF8.GetString(body.Span));
        }
        finally
        {
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture) = before;
        }
    }

    [Fact]
    public async Task The_request_has_the_documented_path_and_headers()
    {
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("<@Purchase>");

        var request = Assert.Single(await shop.CloseAsync()).Request;
        Assert.Equal($"/inappevent/{shop.AppId}", request.Path);
        var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Shop.DevKey, headers["Authorization"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal(["Authorization", "Content-Length", "Content-Type", "Host"], headers.Keys.Order());
    }
}
