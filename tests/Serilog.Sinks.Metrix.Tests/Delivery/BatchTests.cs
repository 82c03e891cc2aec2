using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests how log events pass through the batching sink.</summary>
public class BatchTests
{
    [Fact]
    public async Task A_full_batch_is_sent_before_the_period_ends()
    {
        await using var shop = await Shop.StartAsync(o =>
        {
            o.Period = TimeSpan.FromHours(1);
            o.BatchSizeLimit = 10;
        });

        // The sink sends the first event immediately, whatever the period is.
        shop.UserLogger.Information("<@Purchase>");
        await shop.Emulator.WaitForAsync(1);
        for (var i = 0; i < 10; i++)
            shop.UserLogger.Information("<@Purchase>");
        await shop.Emulator.WaitForAsync(11);

        Assert.Equal(11, shop.Emulator.Events.Count);
    }

    [Fact]
    public async Task A_log_event_is_released_without_a_failure_listener()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(
            o => o.HttpMessageHandlerFactory = () => new BlockingHandler(isBlocked, released.Task));
        var logEvent = LogOne(shop);
        await isBlocked.Task;

        // The batching sink keeps a batch until the next one. This event replaces the batch of the first.
        shop.UserLogger.Information("<@Refund>");
        for (var i = 0; i < 100 && logEvent.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.Equal(2, shop.Meter.Pending);
        Assert.False(logEvent.IsAlive);
        released.SetResult();
    }

    [Fact]
    public async Task Events_are_delivered_when_another_sink_changes_the_log_events()
    {
        await using var shop = await Shop.StartAsync(
            options => options.Period = TimeSpan.FromHours(1),
            logging => logging.Enrich.With(TestData.Identity));
        using var outerLogger = new LoggerConfiguration()
            .WriteTo.Logger(shop.Logger)
            .WriteTo.Sink(new PropertyRemovingSink())
            .CreateLogger();
        for (var number = 0; number < 100; number++)
            outerLogger.ForContext("metrix.slug", "abcde").Information("Paid {Number}", number);

        Assert.Equal(
            Enumerable.Range(0, 100),
            (await shop.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(100, shop.Meter.Recognized);
    }

    private static WeakReference LogOne(Shop shop)
    {
        var logEvent = new LogEvent(
            TimeProvider.System.GetUtcNow(),
            LogEventLevel.Information, null, new MessageTemplateParser().Parse("<@Purchase>"),
            [
                new("metrix.user_id", new ScalarValue(TestUser.UserId)),
                new("metrix.session_id", new ScalarValue(TestUser.SessionId)),
                new("metrix.advertising_id", new ScalarValue(TestUser.AdvertisingId)),
            ]);
        shop.Logger.Write(logEvent);
        return new WeakReference(logEvent);
    }

    private sealed class BlockingHandler(TaskCompletionSource isBlocked, Task released)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            isBlocked.TrySetResult();
            await released.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Removes the property that makes a log event a Metrix event.</summary>
    private sealed class PropertyRemovingSink : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => logEvent.RemovePropertyIfPresent("metrix.slug");
    }
}
