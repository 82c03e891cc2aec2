using System.Collections;
using System.Diagnostics;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Pipeline;

/// <summary>Nothing that an application puts into a record comes back into its code.</summary>
public class RobustnessTests
{
    public static TheoryData<string> EveryBadValue() => [.. BadValues.Keys];

    private static Dictionary<string, object> BadValues { get; } = new()
    {
        ["throws as text"] = new Thrower(),
        ["throws when enumerated"] = new BrokenSequence(),
        ["throws while enumerated"] = Breaking(),
        ["a dictionary that throws"] = new Dictionary<string, object?> { ["a"] = new Thrower() },
        ["holds itself"] = Ring(),
        ["never ends"] = Endless(),
    };

    [Theory]
    [MemberData(nameof(EveryBadValue))]
    public async Task A_tag_that_cannot_be_read_harms_neither_the_event_nor_the_application(string bad)
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var outer = telemetry.Source.StartActivity("outer"))
        {
            using (telemetry.Source.StartActivity("Purchase")!.OfSomeUser().SetTag("bad", BadValues[bad]).SetTag("Amount", 5))
            {
            }

            Assert.Same(outer, Activity.Current);
        }

        Assert.Equal(5, (await telemetry.SingleAsync()).CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task A_slug_that_cannot_be_read_is_an_event_without_one()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (telemetry.Source.StartActivity("pay")!.OfSomeUser().SetTag("metrix.slug", new Thrower()))
        {
        }

        await telemetry.CloseAsync();
        Assert.Equal(1, telemetry.Books.Completed("invalid", "slug_missing"));
    }

    [Fact]
    public async Task A_log_record_that_cannot_be_read_harms_nothing()
    {
        await using var telemetry = await Telemetry.LogAsync();
        using (telemetry.Log.BeginScope(TestData.IdentityAttributes()))
        using (telemetry.Log.BeginScope(new BrokenSequence()))
        {
            foreach (var (name, value) in BadValues)
                telemetry.Log.Log(LogLevel.Information, new EventId(1, "Purchase"), new State(("case", name), ("bad", value)), null, (_, _) => "");
        }

        Assert.Equal(BadValues.Keys.Order(), (await telemetry.CloseAsync()).Select(e => e.CustomAttributes["case"]).Order());
    }

    [Fact]
    public async Task An_event_without_a_name_and_a_tag_without_a_name_harm_no_other()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        using (var outer = telemetry.Source.StartActivity("outer")!.OfSomeUser())
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
    public async Task Huge_values_are_cut_and_a_huge_id_is_no_id()
    {
        await using var telemetry = await Telemetry.TraceAsync();
        var huge = new string('x', 3_000_000);
        using (telemetry.Source.StartActivity("Purchase")!.OfSomeUser().SetTag("list", new[] { huge, huge }).SetTag("text", huge))
        {
        }

        using (telemetry.Source.StartActivity("Purchase")!.OfSomeUser().SetTag("metrix.user_id", huge))
        {
        }

        var sent = await telemetry.SingleAsync();
        Assert.Equal((512, 512), (sent.CustomAttributes["list"].Length, sent.CustomAttributes["text"].Length));
        Assert.Equal(1, telemetry.Books.Completed("invalid", "too_large"));
    }

    [Fact]
    public async Task No_reference_to_a_log_records_scope_is_kept()
    {
        await using var telemetry = await Telemetry.LogAsync();
        var log = telemetry.Log;
        var scope = LogOne(log);
        for (var i = 0; i < 10 && scope.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(scope.IsAlive);

        static WeakReference LogOne(ILogger log)
        {
            var slug = new object();
            var values = new Dictionary<string, object?> { ["metrix.slug"] = "abcde", ["metrix.user_id"] = slug };
            using (log.BeginScope(values))
                log.LogInformation("ordinary");
            return new WeakReference(slug);
        }
    }

    [Fact]
    public async Task A_full_outbox_refuses_and_the_application_goes_on()
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o =>
            {
                o.QueueLimit = 10;
                o.FlushTimeout = TimeSpan.FromMilliseconds(50);
                o.HttpMessageHandlerFactory = () => new Failing();
            });
        for (var i = 0; i < 25; i++)
        {
            using var outer = telemetry.Source.StartActivity("outer");
            using (telemetry.Source.StartActivity("Purchase")!.OfSomeUser())
            {
            }

            Assert.Same(outer, Activity.Current);
        }

        Assert.Equal((25, 15), (telemetry.Books.Recognized, telemetry.Books.Completed("dropped", "full")));
        telemetry.Tracing.Shutdown(0);
    }

    [Fact]
    public async Task What_ends_after_the_shutdown_is_counted_as_dropped()
    {
        await using var telemetry = await Telemetry.LogAsync();
        var log = telemetry.Log;
        await telemetry.CloseAsync();
        log.LogInformation("<@Purchase>");

        Assert.InRange(telemetry.Books.Recognized, 0, 1);
        Assert.Equal(telemetry.Books.Recognized, telemetry.Books.Completed("dropped", "closed"));
    }

    [Fact]
    public async Task No_reference_to_an_activity_is_kept()
    {
        var handler = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.HttpMessageHandlerFactory = () => new Held(handler.Task));
        var activity = EndOne(telemetry);
        Assert.Equal(1, telemetry.Books.Pending);
        for (var i = 0; i < 10 && activity.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(activity.IsAlive);
        handler.SetResult();

        static WeakReference EndOne(Telemetry telemetry)
        {
            var ended = telemetry.Source.StartActivity("Purchase")!.OfSomeUser();
            ended.Dispose();
            return new WeakReference(ended);
        }
    }

    private static IEnumerable<int> Breaking()
    {
        yield return 1;
        throw new InvalidOperationException("the application's own");
    }

    private static IEnumerable<string> Endless()
    {
        while (true)
            yield return "x";
    }

    private static ArrayList Ring()
    {
        var list = new ArrayList();
        list.Add(list);
        return list;
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new InvalidOperationException("the application's own");
    }

    private sealed class BrokenSequence : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException("the application's own");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class State(params (string Name, object? Value)[] values) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => values.Length;

        public KeyValuePair<string, object?> this[int index] => new(values[index].Name, values[index].Value);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
            Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Failing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException("down"));
    }

    private sealed class Held(Task released) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await released.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
