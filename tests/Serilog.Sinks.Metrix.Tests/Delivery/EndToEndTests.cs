using System.Globalization;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using Serilog.Context;
using Serilog.Core.Enrichers;
using Serilog.Extensions.Logging;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Each way of writing an event, from the log call to the vendor's door.</summary>
public class EndToEndTests
{
    [Fact]
    public async Task A_slug_from_the_context_of_the_logger()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.ForContext("metrix.slug", "taqsq").Information("Paid {Amount} {Currency}", 130.5, "IRR");

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", paid.EventSlug);
        Assert.Equal(TestData.UserId, paid.MetrixUserId);
        Assert.Equal(TestData.SessionId, paid.MetrixSessionId);
        Assert.Equal(TestData.AdvertisingId, paid.AdvertisingId);
        Assert.Equal(130.5, Assert.Single(paid.CustomMetrics, m => m.Key == "Amount").Value);
        Assert.Equal("IRR", Assert.Single(paid.CustomAttributes, a => a.Key == "Currency").Value);
    }

    [Fact]
    public async Task A_slug_in_the_template()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("{metrix.slug}: paid {Amount}", "taqsq", 130.5);

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", paid.EventSlug);
        Assert.Equal(["Amount"], paid.CustomMetrics.Keys);
        Assert.Empty(paid.CustomAttributes);
    }

    [Fact]
    public async Task A_marker_alone_and_with_properties()
    {
        await using var shop = await Shop.StartAsync(o => o.Attributes.Add("OrderId"));
        shop.LogOfUser.Information("<@Purchase>");
        shop.LogOfUser.Information("<@Purchase> order {OrderId} of {Amount}", 12345, 130.5);

        var events = await shop.CloseAsync();
        Assert.Equal(["taqsq", "taqsq"], events.Select(e => e.EventSlug));
        var full = Assert.Single(events, e => e.CustomMetrics.Count > 0);
        Assert.Equal("12345", full.CustomAttributes["OrderId"]);
        Assert.Equal(130.5, full.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task A_captured_object()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("{@Purchase}", new
        {
            Product = "کتاب",
            Amount = 130.5m,
            PaidAt = new DateTimeOffset(2026, 3, 21, 10, 20, 30, TimeSpan.FromMinutes(210)),
            Address = new { City = "تهران" },
            Items = new[] { "A-1", "B-2" },
            Extra = new Dictionary<string, object> { ["gift"] = true, ["rank"] = 3 },
            Coupon = (string?)null,
        });

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", paid.EventSlug);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["Product"] = "کتاب",
                ["PaidAt"] = "2026-03-21T10:20:30+03:30",
                ["Address.City"] = "تهران",
                ["Items"] = """["A-1","B-2"]""",
                ["Extra.gift"] = "true",
            },
            paid.CustomAttributes.ToDictionary());
        Assert.Equal(
            new Dictionary<string, double> { ["Amount"] = 130.5, ["Extra.rank"] = 3 }, paid.CustomMetrics.ToDictionary());
    }

    [Fact]
    public async Task Slug_and_ids_from_the_log_context()
    {
        await using var shop = await Shop.StartAsync();
        using (LogContext.PushProperty("MetrixSlug", "Refund"))
        using (LogContext.PushProperty("MetrixUserId", "u-1"))
        using (LogContext.PushProperty("MetrixSessionId", "s-1"))
        using (LogContext.PushProperty("MetrixIdfa", TestData.Idfa))
        using (LogContext.PushProperty("metrix.device_ip", "203.0.113.7"))
            shop.Log.Information("Refunded");

        var refund = Assert.Single(await shop.CloseAsync());
        Assert.Equal(
            ("qzrtw", "u-1", "s-1", TestData.Idfa, null, "203.0.113.7"),
            (refund.EventSlug, refund.MetrixUserId, refund.MetrixSessionId, refund.Idfa, refund.AdvertisingId, refund.DeviceIp));
        Assert.Empty(refund.CustomAttributes);
    }

    [Fact]
    public async Task Ids_from_an_enricher_and_from_names_that_are_there_already()
    {
        await using var shop = await Shop.StartAsync(
            o => o.Fields["metrixUserId"] = "CustomerMetrixId",
            logging => logging.Enrich.With(
            [
                .. TestData.Identity.Skip(1), new PropertyEnricher("CustomerMetrixId", "from-the-shop"),
            ]));
        shop.Log.Information("<@Purchase>");

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal("from-the-shop", paid.MetrixUserId);
        Assert.Empty(paid.CustomAttributes);
    }

    [Fact]
    public async Task Slug_and_ids_from_a_scope_of_the_logging_abstractions()
    {
        await using var shop = await Shop.StartAsync();
        using (var factory = new SerilogLoggerFactory(shop.Log))
        {
            var logger = factory.CreateLogger<EndToEndTests>();
            using (logger.BeginScope(new Dictionary<string, object>
            {
                ["metrix.user_id"] = "u-1",
                ["metrix.session_id"] = "s-1",
                ["metrix.idfa"] = TestData.Idfa,
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
    public async Task What_is_no_event_does_nothing_at_all()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("{@Order}", new { Amount = 130.5 });
        shop.LogOfUser.Information("Paid {Amount}", 130.5);

        Assert.Empty(await shop.CloseAsync());
        Assert.Empty(shop.Emulator.Rejected);
        Assert.Equal(0, shop.Books.Recognized);
    }

    [Theory]
    [InlineData(global::Metrix.Client.MetrixEventTimeUnit.Milliseconds, "1790000000123")]
    [InlineData(global::Metrix.Client.MetrixEventTimeUnit.Seconds, "1790000000")]
    public async Task The_time_of_the_event_may_be_given(global::Metrix.Client.MetrixEventTimeUnit unit, string expected)
    {
        await using var shop = await Shop.StartAsync(o => o.EventTimeUnit = unit);
        shop.LogOfUser.ForContext("metrix.event_time", 1790000000123).Information("<@Purchase>");
        shop.LogOfUser
            .ForContext("metrix.event_time", DateTimeOffset.FromUnixTimeMilliseconds(1790000000123)).Information("<@Purchase>");

        Assert.All(await shop.CloseAsync(), e => Assert.Equal(expected, e.EventTime));
    }

    [Fact]
    public async Task Else_it_is_the_time_of_the_log_event()
    {
        await using var shop = await Shop.StartAsync();
        var logEvent = TestData.Event(
            "<@Purchase>", ("MetrixUserId", "u"), ("MetrixSessionId", "s"), ("MetrixIdfa", TestData.Idfa));
        shop.Log.Write(new Serilog.Events.LogEvent(
            new DateTimeOffset(2026, 3, 21, 10, 20, 30, 456, TimeSpan.FromMinutes(210)), logEvent.Level, null,
            logEvent.MessageTemplate, logEvent.Properties.Select(p => new Serilog.Events.LogEventProperty(p.Key, p.Value))));

        Assert.Equal("1774075830456", Assert.Single(await shop.CloseAsync()).EventTime);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public async Task The_body_is_the_same_under_every_culture(string culture)
    {
        // The sink maps on a background thread, which takes its culture from the default.
        var before = (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = new CultureInfo(culture);
            await using var shop = await Shop.StartAsync();
            shop.LogOfUser
                .ForContext("metrix.event_time", 1790000000123)
                .Information(
                    "<@Purchase> {Amount} {Date} {Text}", -1234.5, new DateTime(2026, 3, 21, 1, 2, 3, DateTimeKind.Utc), "کتاب‌ها");

            var body = Assert.Single(await shop.CloseAsync()).Request.Body;
            Assert.Equal(
                """
                {"metrixUserId":"1415211453000-6513894","metrixSessionId":"0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001","advertisingId":"38400000-8cf0-11bd-b23e-10b96e40000d","eventSlug":"taqsq","eventTime":"1790000000123","customAttributes":{"Date":"2026-03-21T01:02:03Z","Text":"کتاب‌ها"},"customMetrics":{"Amount":-1234.5}}
                """,
                System.Text.Encoding.UTF8.GetString(body.Span));
        }
        finally
        {
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.CurrentCulture) = before;
        }
    }

    [Fact]
    public async Task The_request_is_as_the_vendor_wants_it()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("<@Purchase>");

        var request = Assert.Single(await shop.CloseAsync()).Request;
        Assert.Equal($"/inappevent/{shop.AppId}", request.Path);
        var headers = request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Shop.DevKey, headers["Authorization"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal(["Authorization", "Content-Length", "Content-Type", "Host"], headers.Keys.Order());
    }

    [Fact]
    public async Task Each_app_has_its_own_books_however_the_ids_are_written()
    {
        var (android, ios) = (TestData.AppId(), TestData.AppId());
        using var ofAndroid = new MeterRecorder("android");
        using var ofNone = new MeterRecorder("unknown");
        await using var emulator = await MetrixEmulator.StartAsync();
        await using (var logger = new LoggerConfiguration().WriteTo.Metrix(options =>
        {
            options.Apps["android"] = new() { AppId = android, DevKey = "k" };
            options.Apps["ios"] = new() { AppId = ios, DevKey = "k" };
            options.Endpoint = emulator.Endpoint;
            options.Fields["advertisingId"] = "User.Gaid";
        }).CreateLogger())
        {
            logger.Information("<@Purchase> {metrixUserId} {metrixSessionId} {metrixAdvertisingId}", "u", "s", "g");
            logger.Information("<@Purchase> {MetrixUserId} {MetrixSessionId} {@User}", "u", "s", new { Gaid = "g" });
        }

        Assert.Equal([android, android], emulator.Events.Select(e => e.Request.AppId));
        Assert.Equal((2, 2, 0), (ofAndroid.Recognized, ofAndroid.Delivered, ofNone.Recognized));
    }

    [Fact]
    public async Task Two_apps_each_get_their_own()
    {
        var (android, ios) = ($"android-{Guid.NewGuid():N}", $"ios-{Guid.NewGuid():N}");
        await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [android] = "android-key", [ios] = "ios-key" },
        });
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Metrix(
                endpoint: emulator.Endpoint,
                apps: new Dictionary<string, global::Metrix.Client.MetrixAppOptions>
                {
                    ["android"] = new() { AppId = android, DevKey = "android-key" },
                    ["ios"] = new() { AppId = ios, DevKey = "ios-key" },
                })
            .CreateLogger())
        {
            var user = logger.ForContext("MetrixUserId", "u").ForContext("MetrixSessionId", "s");
            user.ForContext("MetrixAdvertisingId", TestData.AdvertisingId).Information("<@abcde>");
            user.ForContext("MetrixIdfa", TestData.Idfa).Information("<@abcde>");
            user.ForContext("MetrixIdfa", TestData.Idfa).ForContext("metrix.app", "android").Information("<@named>");
        }

        Assert.Empty(emulator.Rejected);
        Assert.Equal(
            [(android, "abcde"), (android, "named"), (ios, "abcde")],
            emulator.Events.Select(e => (e.Request.AppId, e.EventSlug)).Order());
    }
}
