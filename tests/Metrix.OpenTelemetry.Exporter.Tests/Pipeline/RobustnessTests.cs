using System.Collections;
using System.Diagnostics;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Pipeline;

/// <summary>
/// Tests that no value of a record makes the exporter throw into the application's code, hang, or keep the record.
/// </summary>
public class RobustnessTests
{
    public static TheoryData<string> BadValueNames() => [.. BadValues.Keys];

    private static Dictionary<string, object> BadValues { get; } = new()
    {
        ["throws in ToString"] = new ThrowingValue(),
        ["throws in GetEnumerator"] = new ThrowingSequence(),
        ["throws in MoveNext"] = ThrowingIterator(),
        ["dictionary with a throwing value"] = new Dictionary<string, object?> { ["a"] = new ThrowingValue() },
        ["contains itself"] = SelfReference(),
        ["endless sequence"] = Endless(),
    };

    [Theory]
    [MemberData(nameof(BadValueNames))]
    public async Task An_unreadable_tag_affects_neither_the_event_nor_the_application(string valueName)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var outer = telemetry.Source.StartActivity("outer"))
        {
            using (var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity())
                activity.SetTag("bad", BadValues[valueName]).SetTag("Amount", 5);

            Assert.Same(outer, Activity.Current);
        }

        Assert.Equal(5, (await telemetry.SingleAsync()).CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task An_unreadable_slug_makes_an_invalid_event()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("pay")!.WithIdentity().SetTag("metrix.slug", new ThrowingValue()))
        {
        }

        await telemetry.CloseAsync();
        Assert.Equal(1, telemetry.Meter.Completed("invalid", "slug_missing"));
    }

    [Fact]
    public async Task Log_records_with_unreadable_values_and_scopes_are_delivered()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Logger.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Logger.BeginScope(new ThrowingSequence()))
        {
            foreach (var (name, value) in BadValues)
            {
                telemetry.Logger.Log(
                    LogLevel.Information,
                    new EventId(1, "Purchase"),
                    new State(("case", name), ("bad", value)),
                    null,
                    (_, _) => "");
            }
        }

        var events = await telemetry.CloseAsync();
        Assert.Equal(BadValues.Keys.Order(), events.Select(e => e.CustomAttributes["case"]).Order());
    }

    [Fact]
    public async Task An_activity_event_or_tag_without_a_name_does_not_affect_other_events()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var outer = telemetry.Source.StartActivity("outer")!.WithIdentity())
        {
            outer.AddTag(null!, "v").AddEvent(default);
            outer.AddEvent(new ActivityEvent("Purchase"));
            using (telemetry.Source.StartActivity("Refund")!.AddTag(null!, "v").AddTag("", "v"))
            {
            }
        }

        Assert.Equal(["qzrtw", "taqsq"], (await telemetry.CloseAsync()).Select(e => e.EventSlug).Order());
    }

    [Fact]
    public async Task Huge_values_are_truncated_and_a_huge_id_is_invalid()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        var huge = new string('x', 3_000_000);
        using (var activity = telemetry.Source.StartActivity("Purchase")!.WithIdentity())
            activity.SetTag("list", new[] { huge, huge }).SetTag("text", huge);

        using (telemetry.Source.StartActivity("Purchase")!.WithIdentity().SetTag("metrix.user_id", huge))
        {
        }

        var sent = await telemetry.SingleAsync();
        Assert.Equal((512, 512), (sent.CustomAttributes["list"].Length, sent.CustomAttributes["text"].Length));
        Assert.Equal(1, telemetry.Meter.Completed("invalid", "too_large"));
    }

    [Fact]
    public async Task A_scope_of_a_log_record_is_not_kept()
    {
        await using var telemetry = await Telemetry.LogAsync();
        var scope = LogOne(telemetry.Logger);
        for (var i = 0; i < 10 && scope.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(scope.IsAlive);

        static WeakReference LogOne(ILogger logger)
        {
            var scopeValue = new object();
            var values = new Dictionary<string, object?> { ["metrix.slug"] = "abcde", ["metrix.user_id"] = scopeValue };
            using (logger.BeginScope(values))
                logger.LogInformation("ordinary");
            return new WeakReference(scopeValue);
        }
    }

    [Fact]
    public async Task A_full_queue_drops_events_without_affecting_the_application()
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o =>
            {
                o.QueueLimit = 10;
                o.FlushTimeout = TimeSpan.FromMilliseconds(50);
                o.HttpMessageHandlerFactory = () => new FailingHandler();
            });
        for (var i = 0; i < 25; i++)
        {
            using var outer = telemetry.Source.StartActivity("outer");
            using (telemetry.Source.StartActivity("Purchase")!.WithIdentity())
            {
            }

            Assert.Same(outer, Activity.Current);
        }

        Assert.Equal((25, 15), (telemetry.Meter.Recognized, telemetry.Meter.Completed("dropped", "full")));
        telemetry.Tracing.Shutdown(0);
    }

    [Fact]
    public async Task Log_records_after_shutdown_are_counted_as_dropped()
    {
        IServiceProvider? services = null;
        await using var telemetry = await Telemetry.LogAsync(logging: options => options.AddProcessor(provider =>
        {
            services = provider;
            return new NoOpProcessor();
        }));

        // Creates the pipeline. It is shut down but not disposed: a disposed logger factory passes no records on.
        var logger = telemetry.Logger;
        Assert.True(services!.GetRequiredService<LoggerProvider>().Shutdown());
        for (var i = 0; i < 3; i++)
            logger.LogInformation("<@Purchase>");

        Assert.Equal((3, 3), (telemetry.Meter.Recognized, telemetry.Meter.Completed("dropped", "closed")));
    }

    [Fact]
    public async Task An_activity_is_not_kept_after_it_stops()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.HttpMessageHandlerFactory = () => new BlockingHandler(released.Task));
        var activity = StopOne(telemetry);
        Assert.Equal(1, telemetry.Meter.Pending);
        for (var i = 0; i < 10 && activity.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(activity.IsAlive);
        released.SetResult();

        static WeakReference StopOne(Telemetry telemetry)
        {
            var stopped = telemetry.Source.StartActivity("Purchase")!.WithIdentity();
            stopped.Dispose();
            return new WeakReference(stopped);
        }
    }

    private static IEnumerable<int> ThrowingIterator()
    {
        yield return 1;
        throw new InvalidOperationException("thrown by the application");
    }

    private static IEnumerable<string> Endless()
    {
        while (true)
            yield return "x";
    }

    private static ArrayList SelfReference()
    {
        var list = new ArrayList();
        list.Add(list);
        return list;
    }

    private sealed class ThrowingValue
    {
        public override string ToString() => throw new InvalidOperationException("thrown by the application");
    }

    private sealed class ThrowingSequence : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
            throw new InvalidOperationException("thrown by the application");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class State(params (string Name, object? Value)[] values)
        : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => values.Length;

        public KeyValuePair<string, object?> this[int index] => new(values[index].Name, values[index].Value);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
            Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class NoOpProcessor : BaseProcessor<LogRecord>;

    private sealed class FailingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException("down"));
    }

    private sealed class BlockingHandler(Task released) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await released.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
