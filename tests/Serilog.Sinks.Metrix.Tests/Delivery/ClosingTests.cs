using Metrix.Tests.Support;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests what happens to events when the logger closes.</summary>
public class ClosingTests
{
    [Fact]
    public async Task Disposing_synchronously_delivers_pending_events()
    {
        await using var shop = await Shop.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 1_000; i++)
            shop.UserLogger.Information("<@Purchase>");
        shop.Logger.Dispose();

        Assert.Equal(1_000, shop.Emulator.Events.Count);
    }

    [Fact]
    public async Task An_event_logged_after_closing_is_counted_as_dropped()
    {
        await using var shop = await Shop.StartAsync();
        await shop.CloseAsync();
        shop.UserLogger.Information("<@Purchase>");

        Assert.Equal(1, shop.Meter.Completed("dropped", "closed"));
    }

    [Fact]
    public async Task Events_logged_by_many_threads_during_closing_are_delivered_or_counted_as_dropped()
    {
        await using var shop = await Shop.StartAsync();
        var logger = shop.UserLogger;
        var areAllStarted = new CountdownEvent(4);
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                logger.Information("<@Purchase>");
                if (i == 500)
                    areAllStarted.Signal();
            }
        })).ToArray();
        areAllStarted.Wait(TestContext.Current.CancellationToken);
        await shop.CloseAsync();
        await Task.WhenAll(writers);

        Assert.Equal(8_000, shop.Meter.Recognized);
        Assert.Equal(shop.Emulator.Events.Count, shop.Meter.Delivered);
        Assert.Equal(8_000, shop.Meter.Delivered + shop.Meter.Completed("dropped", "closed"));
    }
}
