using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog;

namespace Metrix.AspNetCore.Tests.Hosting;

public class BootstrapLoggerTests
{
    [Fact]
    public async Task What_is_logged_before_during_and_after_a_reload_arrives_once()
    {
        var appId = $"app-{Guid.NewGuid():N}";
        var user = new User(2);
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
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
        Assert.Equal(3, books.Delivered);
        books.AssertClosed();

        LoggerConfiguration Configure(LoggerConfiguration configuration) =>
            configuration.WriteTo.Metrix(appId, "k", emulator.Endpoint);
    }
}
