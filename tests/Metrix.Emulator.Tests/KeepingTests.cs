using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class KeepingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_in_order_of_arrival()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        var slugs = Enumerable.Range(0, 40).Select(index => $"slug{index}").ToArray();
        foreach (var slug in slugs) await emulator.AcceptsAsync(TestData.EventNamed(slug));

        Assert.Equal(slugs, emulator.Events.Select(received => received.EventSlug));
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.AcceptsAsync(TestData.EventNamed("first"));
        var snapshot = emulator.Events;
        await emulator.AcceptsAsync(TestData.EventNamed("second"));
        emulator.Clear();
        await emulator.AcceptsAsync(TestData.EventNamed("third"));

        Assert.Equal("first", Assert.Single(snapshot).EventSlug);
    }

    [Fact]
    public async Task Beyond_the_capacity_the_oldest_event_is_dropped_and_the_count_goes_on()
    {
        var options = TestData.Options();
        options.Capacity = 3;
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        for (var index = 1; index <= 100; index++)
        {
            await emulator.AcceptsAsync(TestData.EventNamed($"slug{index}"));
            var kept = Enumerable.Range(1, index).TakeLast(3).Select(kept => $"slug{kept}");
            Assert.Equal(kept, emulator.Events.Select(received => received.EventSlug));
        }

        await emulator.WaitForAsync(100, TimeSpan.Zero, Cancel);
    }

    [Fact]
    public async Task Beyond_the_capacity_the_oldest_rejection_is_dropped_and_the_count_goes_on()
    {
        var options = TestData.Options();
        options.Capacity = 2;
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        await emulator.AcceptsAsync();
        foreach (var app in (string[])["a", "b", "c"]) await emulator.PostAsync(app: app).RefusalAsync(404);

        Assert.Equal(["b", "c"], emulator.Rejected.Select(rejected => rejected.Request.AppId));
        Assert.Single(emulator.Events);
        await emulator.WaitForRejectedAsync(3, TimeSpan.Zero, Cancel);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_send_and_look_at_once()
    {
        const int senders = 8;
        const int each = 250;
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        var all = emulator.WaitForAsync(events => events.Count == senders * each, TimeSpan.FromMinutes(2), Cancel);
        await Task.WhenAll(Enumerable.Range(0, senders).Select(async sender =>
        {
            for (var index = 0; index < each; index++)
            {
                await emulator.AcceptsAsync(TestData.EventNamed($"{sender}-{index}"));
                Assert.Contains(emulator.Events, received => received.EventSlug == $"{sender}-{index}");
            }
        }));
        await all;

        Assert.Equal(senders * each, emulator.Events.Select(received => received.EventSlug).Distinct().Count());
    }
}
