using Metrix.Client;
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

    [Fact]
    public async Task A_flush_of_the_client_delivers_the_events_that_wait_in_the_batch()
    {
        await using var shop = await Shop.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 10; i++)
            shop.UserLogger.Information("<@Purchase>");
        var client = Assert.Single(ClientRegistry.All, client => client.Apps.All[0].AppId == shop.AppId);

        Assert.True(await client.FlushAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(10, shop.Emulator.Events.Count);
    }

    [Fact]
    public async Task Disposing_announces_the_events_that_wait_in_the_batch()
    {
        await using var shop = await Shop.StartAsync(o =>
        {
            o.Period = TimeSpan.FromHours(1);
            o.HttpMessageHandlerFactory = () => new SilentHandler();
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
        });
        for (var i = 0; i < 5; i++)
            shop.UserLogger.Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal("Metrix: closing: 5 events wait, and closing may take up to 0.05 s", shop.Announcement);
        Assert.Equal(5, shop.Meter.Abandoned);
    }

    /// <summary>Never answers.</summary>
    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("The request was not canceled.");
        }
    }
}
