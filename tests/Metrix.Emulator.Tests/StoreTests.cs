using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class StoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_in_the_order_of_arrival()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        var slugs = Enumerable.Range(0, 40).Select(index => $"slug{index}").ToArray();
        foreach (var slug in slugs) await emulator.SendAcceptedAsync(TestData.EventWithSlug(slug));

        Assert.Equal(slugs, emulator.Events.Select(received => received.EventSlug));
    }

    [Fact]
    public async Task Snapshot_does_not_change_after_later_events_and_a_clear()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("first"));
        var snapshot = emulator.Events;
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("second"));
        emulator.Clear();
        await emulator.SendAcceptedAsync(TestData.EventWithSlug("third"));

        Assert.Equal("first", Assert.Single(snapshot).EventSlug);
    }

    [Fact]
    public async Task Oldest_event_is_dropped_beyond_the_capacity_but_still_counted()
    {
        var options = TestData.Options();
        options.Capacity = 3;
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        for (var index = 1; index <= 100; index++)
        {
            await emulator.SendAcceptedAsync(TestData.EventWithSlug($"slug{index}"));
            var kept = Enumerable.Range(1, index).TakeLast(3).Select(kept => $"slug{kept}");
            Assert.Equal(kept, emulator.Events.Select(received => received.EventSlug));
        }

        await emulator.WaitForAsync(100, TimeSpan.Zero, Cancel);
    }

    [Fact]
    public async Task Oldest_rejection_is_dropped_beyond_the_capacity_but_still_counted()
    {
        var options = TestData.Options();
        options.Capacity = 2;
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        await emulator.SendAcceptedAsync();
        foreach (var app in (string[])["a", "b", "c"]) await emulator.PostAsync(app: app).ReadRejectionAsync(404);

        Assert.Equal(["b", "c"], emulator.Rejected.Select(rejected => rejected.Request.AppId));
        Assert.Single(emulator.Events);
        await emulator.WaitForRejectedAsync(3, TimeSpan.Zero, Cancel);
    }

    [Fact]
    public async Task No_event_is_lost_when_many_threads_send_and_read_at_once()
    {
        const int senders = 8;
        const int each = 250;
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        var all = emulator.WaitForAsync(events => events.Count == senders * each, TimeSpan.FromMinutes(2), Cancel);
        await Task.WhenAll(Enumerable.Range(0, senders).Select(async sender =>
        {
            for (var index = 0; index < each; index++)
            {
                await emulator.SendAcceptedAsync(TestData.EventWithSlug($"{sender}-{index}"));
                Assert.Contains(emulator.Events, received => received.EventSlug == $"{sender}-{index}");
            }
        }));
        await all;

        Assert.Equal(senders * each, emulator.Events.Select(received => received.EventSlug).Distinct().Count());
    }
}
