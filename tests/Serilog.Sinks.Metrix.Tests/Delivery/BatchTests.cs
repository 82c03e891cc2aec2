using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

public class BatchTests
{
    [Fact]
    public async Task A_batch_that_is_full_does_not_wait_for_the_period()
    {
        await using var shop = await Shop.StartAsync(o =>
        {
            o.Period = TimeSpan.FromHours(1);
            o.BatchSizeLimit = 10;
        });

        // The first is sent at once, whatever the period.
        shop.LogOfUser.Information("<@Purchase>");
        await shop.Emulator.WaitForAsync(1);
        for (var i = 0; i < 10; i++)
            shop.LogOfUser.Information("<@Purchase>");
        await shop.Emulator.WaitForAsync(11);

        Assert.Equal(11, shop.Emulator.Events.Count);
    }

    [Fact]
    public async Task A_log_event_is_kept_only_for_a_failure_listener()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(o => o.HttpMessageHandlerFactory = () => new Held(isHeld, released.Task));
        var logEvent = LogOne(shop);
        await isHeld.Task;

        // The batch that it came in is forgotten with the next.
        shop.LogOfUser.Information("<@Refund>");
        for (var i = 0; i < 100 && logEvent.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.Equal(2, shop.Books.Pending);
        Assert.False(logEvent.IsAlive);
        released.SetResult();
    }

    private static WeakReference LogOne(Shop shop)
    {
        var logEvent = new LogEvent(
            DateTimeOffset.UtcNow, LogEventLevel.Information, null, new MessageTemplateParser().Parse("<@Purchase>"),
            [
                new("metrix.user_id", new ScalarValue(TestData.UserId)),
                new("metrix.session_id", new ScalarValue(TestData.SessionId)),
                new("metrix.advertising_id", new ScalarValue(TestData.AdvertisingId)),
            ]);
        shop.Log.Write(logEvent);
        return new WeakReference(logEvent);
    }

    private sealed class Held(TaskCompletionSource isHeld, Task released) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            isHeld.TrySetResult();
            await released.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    [Fact]
    public async Task A_later_sink_that_changes_log_events_harms_none_of_them()
    {
        await using var shop = await Shop.StartAsync(
            options => options.Period = TimeSpan.FromHours(1),
            logging => logging.Enrich.With(TestData.Identity));
        using var all = new LoggerConfiguration().WriteTo.Logger(shop.Log).WriteTo.Sink(new Changing()).CreateLogger();
        for (var number = 0; number < 100; number++)
            all.ForContext("metrix.slug", "abcde").Information("Paid {Number}", number);

        Assert.Equal(Enumerable.Range(0, 100), (await shop.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(100, shop.Books.Recognized);
    }

    /// <summary>Takes away what made a log event an event of Metrix.</summary>
    private sealed class Changing : Core.ILogEventSink
    {
        public void Emit(Events.LogEvent logEvent) => logEvent.RemovePropertyIfPresent("metrix.slug");
    }
}
