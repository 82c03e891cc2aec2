using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog;

namespace Metrix.AspNetCore.Tests.Hosting;

/// <summary>Tests the sink in a bootstrap logger of Serilog, which the host reloads.</summary>
public class BootstrapLoggerTests
{
    [Fact]
    public async Task Events_are_delivered_once_across_reloads_of_a_bootstrap_logger()
    {
        var appId = $"app-{Guid.NewGuid():N}";
        var user = new User(2);
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        using var context = MetrixContext.BeginScope(new MetrixIdentity
        {
            MetrixUserId = user.UserId,
            MetrixSessionId = user.SessionId,
            AdvertisingId = user.AdvertisingId,
        });
        using (var logger = Configure(new LoggerConfiguration()).CreateBootstrapLogger())
        {
            logger.Information("<@Purchase> {Number}", 0);
            logger.Reload(Configure);
            logger.Information("<@Purchase> {Number}", 1);
            logger.Reload(Configure);
            logger.Freeze();
            logger.Information("<@Purchase> {Number}", 2);
        }

        Assert.Equal([0, 1, 2], emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(3, meter.Delivered);
        meter.AssertClosed();

        LoggerConfiguration Configure(LoggerConfiguration configuration) =>
            configuration.WriteTo.Metrix(appId, "k", emulator.Endpoint);
    }
}
