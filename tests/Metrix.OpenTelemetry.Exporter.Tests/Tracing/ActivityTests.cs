using System.Diagnostics;
using System.Globalization;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

/// <summary>Tests which activities become events, and the values and identity of these events.</summary>
public class ActivityTests
{
    [Theory]
    [InlineData("metrix.slug", "abcde", "abcde")]
    [InlineData("metrix.slug", "purchase", "taqsq")]
    [InlineData("MetrixSlug", "abcde", "abcde")]
    public async Task A_slug_tag_makes_an_event(string tag, string value, string slug)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("pay")!.WithIdentity())
            activity.SetTag(tag, value);

        Assert.Equal(slug, (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task A_mapped_display_name_makes_an_event()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("pay")!.WithIdentity())
            activity.DisplayName = "Purchase";

        Assert.Equal("taqsq", (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task A_mapped_operation_name_makes_one_event_unless_the_display_name_is_mapped()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("Refund")!.WithIdentity())
            activity.DisplayName = "Purchase";
        using (var activity = telemetry.Source.StartActivity("Refund")!.WithIdentity())
            activity.DisplayName = "refund of order 12345";

        Assert.Equal(["qzrtw", "taqsq"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task An_ordinary_activity_is_not_recognized()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("browse")!.WithIdentity())
        {
            activity.SetTag("metrix.slug", null).SetTag("note", "Purchase").SetTag("slug", "Purchase");
            activity.AddEvent(new ActivityEvent("seen"));
        }

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(0, telemetry.Meter.Recognized);
    }

    [Fact]
    public async Task Tags_become_attributes_and_metrics()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Attributes.Add("OrderId"));
        using (var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity())
        {
            activity.SetTag("OrderId", 12345).SetTag("Amount", 130.5m).SetTag("City", "تهران").SetTag("Gift", true)
                .SetTag("Items", new[] { "A-1", "B-2" }).SetTag("Sizes", new[] { 1, 2 }).SetTag("Nothing", null)
                .SetTag("metrix.device_ip", "192.0.2.7");
        }

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OrderId"] = "12345",
                ["City"] = "تهران",
                ["Gift"] = "true",
                ["Items"] = """["A-1","B-2"]""",
                ["Sizes"] = "[1,2]",
            },
            purchase.CustomAttributes.ToDictionary());
        Assert.Equal(new Dictionary<string, double> { ["Amount"] = 130.5 }, purchase.CustomMetrics.ToDictionary());
        Assert.Equal(
            (TestUser.UserId, TestUser.SessionId, TestUser.AdvertisingId, "192.0.2.7"),
            (purchase.MetrixUserId, purchase.MetrixSessionId, purchase.AdvertisingId, purchase.DeviceIp));
    }

    [Fact]
    public async Task The_event_time_is_the_end_of_the_activity()
    {
        var start = new DateTime(2026, 3, 21, 10, 0, 0, DateTimeKind.Utc);
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity(
            "Purchase", ActivityKind.Internal, default(ActivityContext), startTime: start)!)
        {
            activity.WithIdentity().SetEndTime(start.AddSeconds(7.5));
        }

        var expected = new DateTimeOffset(start.AddSeconds(7.5)).ToUnixTimeMilliseconds();
        Assert.Equal(
            expected.ToString(CultureInfo.InvariantCulture), (await telemetry.SingleAsync()).EventTime);
    }

    [Fact]
    public async Task Instrumentation_tags_are_omitted_unless_included()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Include.Add("http.route"));
        using (var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity())
        {
            activity.SetTag("http.route", "/checkout").SetTag("http.request.method", "POST")
                .SetTag("url.path", "/checkout").SetTag("server.address", "shop")
                .SetTag("user_agent.original", "curl").SetTag("otel.status_code", "OK").SetTag("httpCity", "Tehran");
        }

        Assert.Equal(["http.route", "httpCity"], (await telemetry.SingleAsync()).CustomAttributes.Keys.Order());
    }

    [Fact]
    public async Task The_identity_is_completed_from_the_ancestors()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("request")!.WithIdentity().SetTag("OrderId", "not inherited"))
        using (telemetry.Source.StartActivity("middle")!.SetTag("metrix.session_id", "nearer"))
        using (telemetry.Source.StartActivity("Purchase"))
        {
        }

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            (TestUser.UserId, "nearer", TestUser.AdvertisingId),
            (purchase.MetrixUserId, purchase.MetrixSessionId, purchase.AdvertisingId));
        Assert.Empty(purchase.CustomAttributes);
    }

    [Fact]
    public async Task The_identity_is_completed_from_the_ambient_context_last()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("request")!.SetTag("metrix.user_id", "of the request"))
        {
            using var context = MetrixContext.BeginScope(TestUser.Identity());
            await Task.Yield();
            using (telemetry.Source.StartActivity("Purchase"))
            {
            }
        }

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(("of the request", TestUser.SessionId), (purchase.MetrixUserId, purchase.MetrixSessionId));
    }

    [Fact]
    public async Task An_event_without_an_identity_is_invalid_and_reported()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("Purchase"))
        {
        }

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Meter.Completed("invalid", "user_id_missing"));
        Assert.Contains("metrix.user_id", Assert.Single(telemetry.Messages));
    }

    [Fact]
    public async Task Conditions_decide_whether_an_activity_is_an_event()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq")
        {
            When = { ["http.response.status_code"] = ["200..299"], ["currency"] = ["IRR", "USD"] },
        });
        var cases = new[] { (200, "IRR"), (204, "usd"), (500, "IRR"), (200, "EUR"), (302, "USD") };
        foreach (var (status, currency) in cases)
        {
            using var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity();
            activity.SetTag("http.response.status_code", status).SetTag("currency", currency);
        }

        var events = await telemetry.CloseAsync();
        Assert.Equal(["IRR", "usd"], events.Select(e => e.CustomAttributes["currency"]).Order());
        Assert.Equal(2, telemetry.Meter.Recognized);
    }

    [Fact]
    public async Task Only_listed_baggage_items_are_sent()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.BaggageKeys.Add("campaign"));
        Baggage.SetBaggage("campaign", "nowruz");
        Baggage.SetBaggage("partner", "from outside");
        Baggage.SetBaggage("metrix.slug", "abcde");
        using (telemetry.Source.StartActivity("Purchase")!.WithIdentity().AddBaggage("secret", "from outside"))
        {
        }

        using (telemetry.Source.StartActivity("browse")!.WithIdentity())
        {
        }

        Assert.Equal(
            new Dictionary<string, string> { ["campaign"] = "nowruz" },
            (await telemetry.SingleAsync()).CustomAttributes.ToDictionary());
    }
}
