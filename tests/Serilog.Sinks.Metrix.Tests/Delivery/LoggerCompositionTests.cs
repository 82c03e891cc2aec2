using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Configuration;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests the sink in different compositions of loggers and sinks.</summary>
public class LoggerCompositionTests
{
    private delegate void Compose(LoggerSinkConfiguration writeTo, Action<LoggerSinkConfiguration> addMetrix);

    public static TheoryData<string> CompositionNames => [.. Compositions.Keys];

    private static Dictionary<string, Compose> Compositions { get; } = new()
    {
        ["direct"] = (writeTo, addMetrix) => addMetrix(writeTo),
        ["nested logger"] = (writeTo, addMetrix) => writeTo.Logger(logger => addMetrix(logger.WriteTo)),
        ["async"] = (writeTo, addMetrix) => writeTo.Async(addMetrix),
        ["conditional"] = (writeTo, addMetrix) => writeTo.Conditional(_ => true, addMetrix),
        ["doubly nested logger"] = (writeTo, addMetrix) =>
            writeTo.Logger(outer => outer.WriteTo.Logger(inner => addMetrix(inner.WriteTo))),
        ["fallback chain"] = (writeTo, addMetrix) =>
            writeTo.FallbackChain(addMetrix, fallback => fallback.Sink(new CollectingSink())),
    };

    [Theory]
    [MemberData(nameof(CompositionNames))]
    public async Task Each_event_is_delivered_once_in_every_composition(string composition)
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        var configuration = new LoggerConfiguration();
        Compositions[composition](configuration.WriteTo, writeTo => writeTo.Metrix(appId, "k", emulator.Endpoint));
        await using (var logger = configuration.CreateLogger())
        {
            for (var i = 0; i < 50; i++)
                logger.ForContext(TestData.Identity).Information("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 50), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        meter.AssertClosed();
    }

    [Fact]
    public async Task Two_sinks_of_one_logger_deliver_to_their_own_apps()
    {
        var (first, second) = (TestUser.AppId(), TestUser.AppId());
        await using var emulator = await TestEmulator.StartAsync();
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Metrix(first, "k", emulator.Endpoint)
            .WriteTo.Metrix(second, "k", emulator.Endpoint)
            .CreateLogger())
        {
            logger.ForContext(TestData.Identity).Information("<@Purchase>");
        }

        Assert.Equal(new[] { first, second }.Order(), emulator.Events.Select(e => e.Request.AppId).Order());
    }

    [Fact]
    public async Task A_recreated_logger_delivers_its_events()
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var logger = new LoggerConfiguration()
                .WriteTo.Metrix(appId, "k", emulator.Endpoint)
                .CreateLogger();
            logger.ForContext(TestData.Identity).Information("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 5), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]));
        Assert.Equal(5, meter.Delivered);
        meter.AssertClosed();
    }

    [Fact]
    public async Task Closing_waits_for_requests_in_flight_when_the_queue_is_empty()
    {
        await using var shop = await Shop.StartAsync(
            answer: _ => new EmulatorResponse(200) { Delay = TimeSpan.FromMilliseconds(50) });
        shop.UserLogger.Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Meter.Delivered);
    }
}
