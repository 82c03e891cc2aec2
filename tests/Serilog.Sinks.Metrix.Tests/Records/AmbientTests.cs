using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Records;

public class AmbientTests
{
    private static readonly MetrixIdentity User = new()
    {
        MetrixUserId = TestData.UserId,
        MetrixSessionId = TestData.SessionId,
        Idfa = TestData.Idfa,
        DeviceIp = "192.0.2.7",
    };

    [Fact]
    public async Task An_event_belongs_to_whom_the_work_at_hand_is_for()
    {
        await using var shop = await Shop.StartAsync();
        using (MetrixContext.BeginScope(User))
        {
            await Task.Yield();
            shop.Log.Information("<@Purchase> {Amount}", 5);
            shop.Log.ForContext("metrix.user_id", "own").Information("<@Refund>");
        }

        var events = (await shop.CloseAsync()).ToDictionary(e => e.EventSlug);
        var paid = events["taqsq"];
        Assert.Equal(
            (TestData.UserId, TestData.SessionId, TestData.Idfa, "192.0.2.7"),
            (paid.MetrixUserId, paid.MetrixSessionId, paid.Idfa, paid.DeviceIp));
        Assert.Empty(paid.CustomAttributes);
        Assert.Equal(5, paid.CustomMetrics["Amount"]);
        Assert.Equal(("own", TestData.SessionId), (events["qzrtw"].MetrixUserId, events["qzrtw"].MetrixSessionId));
    }

    [Fact]
    public async Task No_other_sink_sees_who()
    {
        var other = new CollectingSink();
        await using var shop = await Shop.StartAsync(logging: logger => logger.WriteTo.Sink(other));
        using (MetrixContext.BeginScope(User))
            shop.Log.Information("<@Purchase>");

        await shop.CloseAsync();
        Assert.Empty(Assert.Single(other.Events).Properties);
    }

    [Fact]
    public async Task A_failure_listener_gets_the_log_event_as_it_was_logged()
    {
        var failed = new CollectingSink();
        var logged = new CollectingSink();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using (var logger = new LoggerConfiguration().WriteTo.Sink(logged).WriteTo.FallbackChain(
            chain => chain.Metrix(appId, "k"), fallback => fallback.Sink(failed)).CreateLogger())
        {
            using (MetrixContext.BeginScope(new MetrixIdentity { MetrixUserId = "u" }))
                logger.Information("<@Purchase>");
        }

        Assert.Same(Assert.Single(logged.Events), Assert.Single(failed.Events));
        Assert.Equal(1, books.Invalid);
        books.AssertClosed();
    }

    [Fact]
    public async Task The_app_of_the_context_counts_and_is_in_the_books()
    {
        var (first, second) = (TestData.AppId(), TestData.AppId());
        using var books = new MeterRecorder(second);
        await using var emulator = await MetrixEmulator.StartAsync();
        await using (var logger = new LoggerConfiguration().WriteTo.Metrix(options =>
        {
            options.Apps[first] = new() { AppId = first, DevKey = "k" };
            options.Apps[second] = new() { AppId = second, DevKey = "k" };
            options.Endpoint = emulator.Endpoint;
        }).CreateLogger())
        {
            using (MetrixContext.BeginScope(new MetrixIdentity
            {
                MetrixUserId = "u",
                MetrixSessionId = "s",
                AdvertisingId = TestData.AdvertisingId,
                App = second,
            }))
            {
                logger.Information("<@Purchase>");
            }
        }

        Assert.Equal(second, Assert.Single(emulator.Events).Request.AppId);
        Assert.Equal((1, 1), (books.Recognized, books.Delivered));
    }
}
