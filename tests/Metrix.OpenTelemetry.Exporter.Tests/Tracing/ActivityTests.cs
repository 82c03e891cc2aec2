using System.Diagnostics;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

public class ActivityTests
{
    [Theory]
    [InlineData("metrix.slug", "abcde", "abcde")]
    [InlineData("metrix.slug", "purchase", "taqsq")]
    [InlineData("MetrixSlug", "abcde", "abcde")]
    public async Task A_tag_makes_an_event(string tag, string value, string slug)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("pay")!.OfSomeUser())
            activity.SetTag(tag, value);

        Assert.Equal(slug, (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task A_display_name_of_the_map_makes_an_event()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("pay")!.OfSomeUser())
            activity.DisplayName = "Purchase";

        Assert.Equal("taqsq", (await telemetry.SingleAsync()).EventSlug);
    }

    [Fact]
    public async Task An_operation_name_of_the_map_makes_one_event_whatever_is_displayed()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("Refund")!.OfSomeUser())
            activity.DisplayName = "Purchase";
        using (var activity = telemetry.Source.StartActivity("Refund")!.OfSomeUser())
            activity.DisplayName = "refund of order 12345";

        Assert.Equal(["qzrtw", "taqsq"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task Any_other_activity_is_left_alone()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("browse")!.OfSomeUser())
        {
            activity.SetTag("metrix.slug", null).SetTag("note", "Purchase").SetTag("slug", "Purchase");
            activity.AddEvent(new ActivityEvent("seen"));
        }

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(0, telemetry.Books.Recognized);
    }

    [Fact]
    public async Task Tags_become_attributes_and_metrics()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Attributes.Add("OrderId"));
        using (var activity = telemetry.Source.StartActivity("Purchase")!.OfSomeUser())
        {
            activity.SetTag("OrderId", 12345).SetTag("Amount", 130.5m).SetTag("City", "تهران").SetTag("Gift", true)
                .SetTag("Items", new[] { "A-1", "B-2" }).SetTag("Sizes", new[] { 1, 2 }).SetTag("Nothing", null)
                .SetTag("metrix.device_ip", "192.0.2.7");
        }

        var paid = await telemetry.SingleAsync();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OrderId"] = "12345",
                ["City"] = "تهران",
                ["Gift"] = "true",
                ["Items"] = """["A-1","B-2"]""",
                ["Sizes"] = "[1,2]",
            },
            paid.CustomAttributes.ToDictionary());
        Assert.Equal(new Dictionary<string, double> { ["Amount"] = 130.5 }, paid.CustomMetrics.ToDictionary());
        Assert.Equal(
            (TestData.UserId, TestData.SessionId, TestData.AdvertisingId, "192.0.2.7"),
            (paid.MetrixUserId, paid.MetrixSessionId, paid.AdvertisingId, paid.DeviceIp));
    }

    [Fact]
    public async Task Its_time_is_its_end()
    {
        var start = new DateTime(2026, 3, 21, 10, 0, 0, DateTimeKind.Utc);
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("Purchase", ActivityKind.Internal, default(ActivityContext), startTime: start)!)
            activity.OfSomeUser().SetEndTime(start.AddSeconds(7.5));

        var expected = new DateTimeOffset(start.AddSeconds(7.5)).ToUnixTimeMilliseconds().ToString();
        Assert.Equal(expected, (await telemetry.SingleAsync()).EventTime);
    }

    [Fact]
    public async Task Tags_of_instrumentation_are_left_out_unless_they_are_included()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Include.Add("http.route"));
        using (var activity = telemetry.Source.StartActivity("Purchase")!.OfSomeUser())
        {
            activity.SetTag("http.route", "/checkout").SetTag("http.request.method", "POST").SetTag("url.path", "/checkout")
                .SetTag("server.address", "shop").SetTag("user_agent.original", "curl").SetTag("otel.status_code", "OK")
                .SetTag("httpCity", "Tehran");
        }

        Assert.Equal(["http.route", "httpCity"], (await telemetry.SingleAsync()).CustomAttributes.Keys.Order());
    }

    [Fact]
    public async Task Who_it_belongs_to_is_found_on_its_ancestors()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("request")!.OfSomeUser().SetTag("OrderId", "not inherited"))
        using (telemetry.Source.StartActivity("middle")!.SetTag("metrix.session_id", "nearer"))
        using (telemetry.Source.StartActivity("Purchase"))
        {
        }

        var paid = await telemetry.SingleAsync();
        Assert.Equal((TestData.UserId, "nearer", TestData.AdvertisingId), (paid.MetrixUserId, paid.MetrixSessionId, paid.AdvertisingId));
        Assert.Empty(paid.CustomAttributes);
    }

    [Fact]
    public async Task Who_it_belongs_to_is_found_in_the_context_last()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("request")!.SetTag("metrix.user_id", "of the request"))
        {
            using var context = MetrixContext.BeginScope(TestData.Identity());
            await Task.Yield();
            using (telemetry.Source.StartActivity("Purchase"))
            {
            }
        }

        var paid = await telemetry.SingleAsync();
        Assert.Equal(("of the request", TestData.SessionId), (paid.MetrixUserId, paid.MetrixSessionId));
    }

    [Fact]
    public async Task What_belongs_to_nobody_is_not_sent_and_said()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("Purchase"))
        {
        }

        Assert.Empty(await telemetry.CloseAsync());
        Assert.Equal(1, telemetry.Books.Completed("invalid", "user_id_missing"));
        Assert.Contains("metrix.user_id", Assert.Single(telemetry.Said));
    }

    [Fact]
    public async Task Conditions_decide()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq")
        {
            When = { ["http.response.status_code"] = ["200..299"], ["currency"] = ["IRR", "USD"] },
        });
        foreach (var (status, currency) in new[] { (200, "IRR"), (204, "usd"), (500, "IRR"), (200, "EUR"), (302, "USD") })
        {
            using var activity = telemetry.Source.StartActivity("Purchase")!.OfSomeUser();
            activity.SetTag("http.response.status_code", status).SetTag("currency", currency);
        }

        Assert.Equal(["IRR", "usd"], (await telemetry.CloseAsync()).Select(e => e.CustomAttributes["currency"]).Order());
        Assert.Equal(2, telemetry.Books.Recognized);
    }

    [Fact]
    public async Task Baggage_is_mapped_only_where_its_keys_are_listed()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.BaggageKeys.Add("campaign"));
        Baggage.SetBaggage("campaign", "nowruz");
        Baggage.SetBaggage("partner", "from outside");
        Baggage.SetBaggage("metrix.slug", "abcde");
        using (telemetry.Source.StartActivity("Purchase")!.OfSomeUser().AddBaggage("secret", "from outside"))
        {
        }

        using (telemetry.Source.StartActivity("browse")!.OfSomeUser())
        {
        }

        Assert.Equal(
            new Dictionary<string, string> { ["campaign"] = "nowruz" }, (await telemetry.SingleAsync()).CustomAttributes.ToDictionary());
    }
}
