using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Delivery;

public class ClosingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Closing_ends_after_FlushTimeout_when_the_server_never_responds()
    {
        await using var fixture = await ClientFixture.StartAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50), _ => new EmulatorResponse(200) { NeverAnswer = true });
        for (var i = 0; i < 100; i++)
            fixture.Client.Send(TestData.Event());
        await fixture.Client.DisposeAsync();

        Assert.Equal((100, 0), (fixture.Meter.Abandoned, fixture.Meter.Delivered));
        Assert.Contains("100 events that still waited are lost", Assert.Single(fixture.Messages));
    }

    [Fact]
    public async Task Closing_ends_when_the_handler_ignores_cancellation()
    {
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
            o.HttpMessageHandlerFactory = () => new UncancellableHandler();
        });
        fixture.Client.Send(TestData.Event());
        await fixture.Client.DisposeAsync().AsTask().WaitAsync(
            TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, fixture.Meter.Abandoned);
    }

    [Fact]
    public async Task Closing_delivers_the_pending_events()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 300; i++)
            fixture.Client.Send(TestData.Event());

        Assert.Equal(300, (await fixture.CloseAsync()).Count);
    }

    [Fact]
    public async Task Dispose_delivers_the_pending_events_and_can_be_called_twice()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        fixture.Client.Send(TestData.Event());
        fixture.Client.Dispose();
        fixture.Client.Dispose();

        Assert.Single(fixture.Emulator.Events);
    }

    [Fact]
    public async Task An_event_sent_after_closing_is_dropped()
    {
        await using var fixture = await ClientFixture.StartAsync();
        await fixture.Client.DisposeAsync();
        fixture.Client.Send(TestData.Event());

        Assert.Equal((1, 1), (fixture.Meter.Dropped, fixture.Meter.Completed("dropped", "closed")));
        Assert.True(await fixture.Client.FlushAsync());
        Assert.Empty(fixture.Emulator.Events);
    }

    [Fact]
    public async Task Every_event_sent_while_the_client_closes_is_delivered_or_dropped()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var sending = Task.Run(
            () => Parallel.For(0, 2_000, i => fixture.Client.Send(TestData.Event("taqsq", ("Number", i)))));
        await fixture.Emulator.WaitForAsync(1);
        await fixture.Client.DisposeAsync();
        await sending;

        Assert.Equal(2_000, fixture.Meter.Recognized);
        Assert.Equal(fixture.Meter.Delivered, fixture.Emulator.Events.Count);
        Assert.Equal(2_000, fixture.Meter.Delivered + fixture.Meter.Dropped);
    }

    [Fact]
    public async Task An_event_admitted_before_closing_and_read_afterwards_is_dropped()
    {
        using var slow = new SlowValue();
        await using var fixture = await ClientFixture.StartAsync();
        var sending = Task.Run(() => fixture.Client.Send(TestData.Event("taqsq", ("Slow", slow))));
        await slow.WhenRead;
        await fixture.Client.DisposeAsync();
        slow.Release();
        await sending;

        Assert.Equal((1, 1), (fixture.Meter.Recognized, fixture.Meter.Completed("dropped", "closed")));
        Assert.Empty(fixture.Emulator.Events);
    }

    [Theory]
    [InlineData(1, "Metrix: closing: 1 event waits, and closing may take up to 8 s")]
    [InlineData(3, "Metrix: closing: 3 events wait, and closing may take up to 8 s")]
    [InlineData(0, null)]
    public async Task Closing_announces_how_many_events_wait_and_how_long_it_may_take(int count, string? expected)
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.TimeProvider = new FakeTimeProvider());
        for (var i = 0; i < count; i++)
            fixture.Client.Send(TestData.Event());
        await fixture.CloseAsync();

        Assert.Equal(expected, fixture.Announcement);
        Assert.Empty(fixture.Messages);
    }

    [Fact]
    public async Task Clients_that_close_one_after_the_other_share_the_deadline_and_both_report_their_losses()
    {
        var clock = new FakeTimeProvider();
        await using var first = await StartSilentAsync(clock);
        await using var second = await StartSilentAsync(clock, o => o.FlushTimeout = TimeSpan.FromSeconds(60));
        first.Client.Send(TestData.Event());
        second.Client.Send(TestData.Event());
        second.Client.Send(TestData.Event());

        var closing = first.Client.DisposeAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(8.5));
        await closing.WaitAsync(Limit, Token);

        // The clock does not advance: the second client has no time left.
        await second.Client.DisposeAsync().AsTask().WaitAsync(Limit, Token);
        Assert.Equal("Metrix: closing: 2 events wait, and closing may take up to 0 s", second.Announcement);
        Assert.Contains("1 event that still waited is lost", Assert.Single(first.Messages));
        Assert.Contains("2 events that still waited are lost", Assert.Single(second.Messages));
        Assert.Equal((1, 2), (first.Meter.Abandoned, second.Meter.Abandoned));
    }

    [Fact]
    public async Task A_client_that_is_still_in_use_delivers_after_another_one_was_closed()
    {
        var clock = new AcceleratedTime(1);
        await using var first = await ClientFixture.StartAsync(o => o.TimeProvider = clock);
        await using var second = await ClientFixture.StartAsync(o => o.TimeProvider = clock);
        await first.CloseAsync();
        second.Client.Send(TestData.Event());

        Assert.True(await second.Client.FlushAsync());
        Assert.Equal(1, second.Meter.Delivered);
    }

    [Fact]
    public async Task Closing_ends_and_accounts_for_all_events_when_a_callback_blocks()
    {
        using var released = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        await using var fixture = await StartSilentAsync(clock, o => o.Diagnostics = _ => released.Wait());
        fixture.Client.Tracker.Failures.Listener = (_, _, _) => released.Wait();
        for (var i = 0; i < 3; i++)
            fixture.Client.Send(TestData.Event());

        var closing = fixture.Client.DisposeAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(9));
        await closing.WaitAsync(Limit, Token);
        Assert.True(fixture.Client.Ledger is { IsBalanced: true, Pending: 0, Abandoned: 3 });
        Assert.DoesNotContain(fixture.Client, ClientRegistry.All);
        released.Set();
    }

    [Fact]
    public async Task Closing_ends_when_the_disposal_of_the_handler_blocks()
    {
        using var released = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.TimeProvider = clock;
            o.HttpMessageHandlerFactory = () => new UndisposableHandler(released);
        });
        fixture.Client.Send(TestData.Event());
        Assert.True(await FlushAsync(fixture, clock));

        var closing = fixture.Client.DisposeAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(9));
        await closing.WaitAsync(Limit, Token);
        released.Set();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_whose_receiver_closes_the_client_does_not_block(bool isSynchronous)
    {
        ClientFixture? fixture = null;
        await using var started = await ClientFixture.StartAsync(o =>
        {
            o.Period = TimeSpan.FromHours(1);
            o.Diagnostics = _ =>
            {
                if (isSynchronous)
                    fixture!.Client.Dispose();
                else
                    fixture!.Client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            };
        });
        fixture = started;
        fixture.Client.Send(TestData.Event());
        await fixture.Client.DisposeAsync().AsTask().WaitAsync(Limit, Token);

        Assert.Single(fixture.Emulator.Events);
    }

    [Fact]
    public async Task A_rejection_whose_listener_closes_the_client_does_not_block()
    {
        ClientFixture? fixture = null;
        var isClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = await ClientFixture.StartAsync(
            o =>
            {
                o.FlushTimeout = TimeSpan.FromMilliseconds(50);
                o.Diagnostics = message =>
                {
                    if (!message.Contains("rejected", StringComparison.Ordinal))
                        return;

                    fixture!.Client.Dispose();
                    isClosed.SetResult();
                };
            },
            _ => new EmulatorResponse(400));
        fixture = started;
        fixture.Client.Send(TestData.Event());

        await isClosed.Task.WaitAsync(Limit, Token);
        Assert.Equal(1, fixture.Client.Ledger.Rejected);
    }

    [Fact]
    public async Task A_message_that_delivery_has_resumed_whose_receiver_closes_the_client_does_not_block()
    {
        ClientFixture? fixture = null;
        var requests = 0;
        var isClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                o.Diagnostics = message =>
                {
                    if (!message.Contains("has resumed", StringComparison.Ordinal))
                        return;

                    fixture!.Client.Dispose();
                    isClosed.SetResult();
                };
            },
            _ => Interlocked.Increment(ref requests) == 1
                ? new EmulatorResponse(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "5" } }
                : null);
        fixture = started;
        fixture.Client.Send(TestData.Event());

        await isClosed.Task.WaitAsync(Limit, Token);
        Assert.Equal(1, fixture.Client.Ledger.Delivered);
    }

    [Fact]
    public async Task Closing_twice_returns_the_same_task()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var closing = fixture.Client.CloseAsync(Limit);

        Assert.Same(closing, fixture.Client.CloseAsync(TimeSpan.Zero));
        Assert.True(await closing);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<ClientFixture> StartSilentAsync(
        TimeProvider clock, Action<MetrixOptions>? configure = null) => ClientFixture.StartAsync(
        o =>
        {
            o.TimeProvider = clock;
            configure?.Invoke(o);
        },
        _ => new EmulatorResponse(200) { NeverAnswer = true });

    private static async Task<bool> FlushAsync(ClientFixture fixture, FakeTimeProvider clock)
    {
        var flush = fixture.Client.FlushAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        return await flush;
    }

    /// <summary>Represents a value whose ToString blocks until the test releases it.</summary>
    private sealed class SlowValue : IDisposable
    {
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task WhenRead => _read.Task;

        public void Release() => _released.Set();

        public override string ToString()
        {
            _read.TrySetResult();
            _released.Wait();
            return "slow";
        }

        public void Dispose() => _released.Dispose();
    }

    /// <summary>Sends events, and blocks when it is disposed of.</summary>
    private sealed class UndisposableHandler(ManualResetEventSlim released)
        : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override void Dispose(bool disposing)
        {
            released.Wait();
            base.Dispose(disposing);
        }
    }

    /// <summary>Never responds, ignores cancellation, and throws when it is disposed of.</summary>
    private sealed class UncancellableHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task;

        protected override void Dispose(bool disposing) => throw new InvalidOperationException();
    }
}
