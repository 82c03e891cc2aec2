using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Records;

/// <summary>Tests the identity of <see cref="MetrixContext"/> in events of the sink.</summary>
public class AmbientIdentityTests
{
    private static readonly MetrixIdentity User = new()
    {
        MetrixUserId = TestUser.UserId,
        MetrixSessionId = TestUser.SessionId,
        Idfa = TestUser.Idfa,
        DeviceIp = "192.0.2.7",
    };

    [Fact]
    public async Task An_event_gets_the_ambient_identity_unless_it_has_its_own()
    {
        await using var shop = await Shop.StartAsync();
        using (MetrixContext.BeginScope(User))
        {
            await Task.Yield();
            shop.Logger.Information("<@Purchase> {Amount}", 5);
            shop.Logger.ForContext("metrix.user_id", "own").Information("<@Refund>");
        }

        var events = (await shop.CloseAsync()).ToDictionary(e => e.EventSlug);
        var purchase = events["taqsq"];
        Assert.Equal(
            (TestUser.UserId, TestUser.SessionId, TestUser.Idfa, "192.0.2.7"),
            (purchase.MetrixUserId, purchase.MetrixSessionId, purchase.Idfa, purchase.DeviceIp));
        Assert.Empty(purchase.CustomAttributes);
        Assert.Equal(5, purchase.CustomMetrics["Amount"]);
        Assert.Equal(("own", TestUser.SessionId), (events["qzrtw"].MetrixUserId, events["qzrtw"].MetrixSessionId));
    }

    [Fact]
    public async Task The_ambient_identity_is_not_added_to_the_log_event()
    {
        var other = new CollectingSink();
        await using var shop = await Shop.StartAsync(logging: logger => logger.WriteTo.Sink(other));
        using (MetrixContext.BeginScope(User))
            shop.Logger.Information("<@Purchase>");

        await shop.CloseAsync();
        Assert.Empty(Assert.Single(other.Events).Properties);
    }

    [Fact]
    public async Task A_fallback_gets_the_original_log_event()
    {
        var failed = new CollectingSink();
        var logged = new CollectingSink();
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using (var logger = new LoggerConfiguration().WriteTo.Sink(logged).WriteTo.FallbackChain(
            chain => chain.Metrix(appId, "k"), fallback => fallback.Sink(failed)).CreateLogger())
        {
            using (MetrixContext.BeginScope(new MetrixIdentity { MetrixUserId = "u" }))
                logger.Information("<@Purchase>");
        }

        Assert.Same(Assert.Single(logged.Events), Assert.Single(failed.Events));
        Assert.Equal(1, meter.Invalid);
        meter.AssertClosed();
    }

    [Fact]
    public async Task The_app_of_the_ambient_identity_receives_and_counts_the_event()
    {
        var (first, second) = (TestUser.AppId(), TestUser.AppId());
        using var meter = new MeterRecorder(second);
        await using var emulator = await TestEmulator.StartAsync();
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
                AdvertisingId = TestUser.AdvertisingId,
                App = second,
            }))
            {
                logger.Information("<@Purchase>");
            }
        }

        Assert.Equal(second, Assert.Single(emulator.Events).Request.AppId);
        Assert.Equal((1, 1), (meter.Recognized, meter.Delivered));
    }
}
