using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests a sink with several apps.</summary>
public class SeveralAppsTests
{
    [Fact]
    public async Task Events_are_counted_for_their_app_for_every_spelling_of_the_ids()
    {
        var (android, ios) = (TestUser.AppId(), TestUser.AppId());
        using var androidMeter = new MeterRecorder("android");
        using var unknownMeter = new MeterRecorder("unknown");
        await using var emulator = await TestEmulator.StartAsync();
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
        Assert.Equal((2, 2, 0), (androidMeter.Recognized, androidMeter.Delivered, unknownMeter.Recognized));
    }

    [Fact]
    public async Task Each_event_is_sent_to_its_own_app()
    {
        var (android, ios) = ($"android-{Guid.NewGuid():N}", $"ios-{Guid.NewGuid():N}");
        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [android] = "android-key", [ios] = "ios-key" },
        });
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Metrix(
                endpoint: emulator.Endpoint,
                apps: new Dictionary<string, MetrixAppOptions>
                {
                    ["android"] = new() { AppId = android, DevKey = "android-key" },
                    ["ios"] = new() { AppId = ios, DevKey = "ios-key" },
                })
            .CreateLogger())
        {
            var user = logger.ForContext("MetrixUserId", "u").ForContext("MetrixSessionId", "s");
            user.ForContext("MetrixAdvertisingId", TestUser.AdvertisingId).Information("<@abcde>");
            user.ForContext("MetrixIdfa", TestUser.Idfa).Information("<@abcde>");
            user.ForContext("MetrixIdfa", TestUser.Idfa).ForContext("metrix.app", "android").Information("<@named>");
        }

        Assert.Empty(emulator.Rejected);
        Assert.Equal(
            [(android, "abcde"), (android, "named"), (ios, "abcde")],
            emulator.Events.Select(e => (e.Request.AppId, e.EventSlug)).Order());
    }
}
