using System.Diagnostics;
using System.Globalization;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.OpenTelemetry.Exporter.Tests.Tracing;

/// <summary>Tests the events that activity events become.</summary>
public class ActivityEventTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_activity_event_becomes_an_event_with_its_own_time()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("checkout")!.WithIdentity())
        {
            for (var i = 0; i < 20; i++)
            {
                activity.AddEvent(new ActivityEvent(
                    "Purchase", Noon.AddSeconds(i), new() { ["Number"] = i, ["City"] = "تهران" }));
            }

            activity.AddEvent(new ActivityEvent("seen", Noon));
            activity.AddEvent(new ActivityEvent("paid", Noon, new() { ["metrix.slug"] = "abcde" }));
        }

        var events = await telemetry.CloseAsync();
        Assert.Equal(21, events.Count);
        Assert.Single(events, e => e.EventSlug == "abcde");
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => (
                (double)i,
                Noon.AddSeconds(i).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))),
            events.Where(e => e.EventSlug == "taqsq").Select(e => (e.CustomMetrics["Number"], e.EventTime!)).Order());
    }

    [Fact]
    public async Task An_activity_and_its_activity_event_become_two_events()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var activity = telemetry.Source.StartActivity("Refund")!.WithIdentity())
            activity.AddEvent(new ActivityEvent("Purchase"));

        Assert.Equal(["qzrtw", "taqsq"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task The_identity_is_completed_from_the_activity_its_ancestors_and_the_ambient_context()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using var context = MetrixContext.BeginScope(
            new MetrixIdentity { MetrixUserId = "context", DeviceIp = "192.0.2.7" });
        using var request = telemetry.Source.StartActivity("request")!;
        request.SetTag("metrix.idfa", TestUser.Idfa).SetTag("metrix.user_id", "request");
        using (var activity = telemetry.Source.StartActivity("checkout")!.SetTag("metrix.user_id", "activity"))
            activity.AddEvent(new ActivityEvent("Purchase", tags: new() { ["metrix.session_id"] = "event" }));

        var purchase = await telemetry.SingleAsync();
        Assert.Equal(
            ("activity", "event", TestUser.Idfa, "192.0.2.7"),
            (purchase.MetrixUserId, purchase.MetrixSessionId, purchase.Idfa, purchase.DeviceIp));
    }

    [Fact]
    public async Task Conditions_read_the_activity_event_before_its_activity()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq")
        {
            When = { ["Amount"] = ["100.."], ["channel"] = ["web"] },
        });
        using (var activity = telemetry.Source.StartActivity("checkout")!.WithIdentity().SetTag("channel", "web"))
        {
            activity.AddEvent(new ActivityEvent("Purchase", tags: new() { ["Amount"] = 130.5 }));
            activity.AddEvent(new ActivityEvent("Purchase", tags: new() { ["Amount"] = 99 }));
            activity.AddEvent(new ActivityEvent("Purchase", tags: new() { ["Amount"] = 200, ["channel"] = "shop" }));
        }

        Assert.Equal(130.5, (await telemetry.SingleAsync()).CustomMetrics["Amount"]);
    }
}
