using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Configuration;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>The ways in which loggers are put together around the sink.</summary>
public class LoggerShapesTests
{
    public static TheoryData<string> Shapes => [.. All.Keys];

    private static Dictionary<string, Action<LoggerSinkConfiguration, Action<LoggerSinkConfiguration>>> All { get; } = new()
    {
        ["by itself"] = (writeTo, metrix) => metrix(writeTo),
        ["a logger within"] = (writeTo, metrix) => writeTo.Logger(logger => metrix(logger.WriteTo)),
        ["behind another thread"] = (writeTo, metrix) => writeTo.Async(metrix),
        ["under a condition"] = (writeTo, metrix) => writeTo.Conditional(_ => true, metrix),
        ["two loggers within"] = (writeTo, metrix) => writeTo.Logger(outer => outer.WriteTo.Logger(inner => metrix(inner.WriteTo))),
        ["with a fallback"] = (writeTo, metrix) => writeTo.FallbackChain(metrix, fallback => fallback.Sink(new CollectingSink())),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Each_event_arrives_once(string shape)
    {
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
        var configuration = new LoggerConfiguration();
        All[shape](configuration.WriteTo, writeTo => writeTo.Metrix(appId, "k", emulator.Endpoint));
        await using (var logger = configuration.CreateLogger())
        {
            for (var i = 0; i < 50; i++)
                logger.ForContext(TestData.Identity).Information("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 50), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        books.AssertClosed();
    }

    [Fact]
    public async Task Two_sinks_of_one_logger_are_two_clients()
    {
        var (first, second) = (TestData.AppId(), TestData.AppId());
        await using var emulator = await MetrixEmulator.StartAsync();
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
    public async Task A_logger_that_is_made_again_goes_on()
    {
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var logger = new LoggerConfiguration().WriteTo.Metrix(appId, "k", emulator.Endpoint).CreateLogger();
            logger.ForContext(TestData.Identity).Information("<@Purchase> {Number}", i);
        }

        Assert.Equal(Enumerable.Range(0, 5), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]));
        Assert.Equal(5, books.Delivered);
        books.AssertClosed();
    }

    [Fact]
    public async Task A_logger_that_is_closed_with_an_empty_queue_loses_nothing_that_is_under_way()
    {
        await using var shop = await Shop.StartAsync(answer: _ => new EmulatorResponse(200) { Delay = TimeSpan.FromMilliseconds(50) });
        shop.LogOfUser.Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Books.Delivered);
    }
}
