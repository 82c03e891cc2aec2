using Metrix.Client.Tests.Support;
using Metrix.Emulator;

namespace Metrix.Client.Tests.Delivery;

public class ClosingTests
{
    [Fact]
    public async Task Closing_ends_at_its_limit_when_the_server_never_answers()
    {
        await using var sender = await Sender.StartAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50), _ => new EmulatorResponse(200) { NeverAnswer = true });
        for (var i = 0; i < 100; i++)
            sender.Client.Send(TestData.Event());
        await sender.Client.DisposeAsync();

        Assert.Equal((100, 0), (sender.Books.Abandoned, sender.Books.Delivered));
        Assert.Contains("100 events that still waited are lost", Assert.Single(sender.Said));
    }

    [Fact]
    public async Task Closing_ends_though_a_handler_hears_of_no_end()
    {
        await using var sender = await Sender.StartAsync(o =>
        {
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
            o.HttpMessageHandlerFactory = () => new UncancellableHandler();
        });
        sender.Client.Send(TestData.Event());
        await sender.Client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(1, sender.Books.Abandoned);
    }

    [Fact]
    public async Task Closing_delivers_what_waits()
    {
        await using var sender = await Sender.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 300; i++)
            sender.Client.Send(TestData.Event());

        Assert.Equal(300, (await sender.CloseAsync()).Count);
    }

    [Fact]
    public async Task Closing_on_the_calling_thread_and_twice_is_the_same()
    {
        await using var sender = await Sender.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        sender.Client.Send(TestData.Event());
        sender.Client.Dispose();
        sender.Client.Dispose();

        Assert.Single(sender.Emulator.Events);
    }

    [Fact]
    public async Task What_is_sent_after_closing_is_dropped()
    {
        await using var sender = await Sender.StartAsync();
        await sender.Client.DisposeAsync();
        sender.Client.Send(TestData.Event());

        Assert.Equal((1, 1), (sender.Books.Dropped, sender.Books.Completed("dropped", "closed")));
        Assert.True(await sender.Client.FlushAsync());
        Assert.Empty(sender.Emulator.Events);
    }

    [Fact]
    public async Task Several_threads_send_while_it_closes_and_each_event_is_accounted_for()
    {
        await using var sender = await Sender.StartAsync();
        var sending = Task.Run(() => Parallel.For(0, 2_000, i => sender.Client.Send(TestData.Event("taqsq", ("Number", i)))));
        await sender.Emulator.WaitForAsync(1);
        await sender.Client.DisposeAsync();
        await sending;

        Assert.Equal(2_000, sender.Books.Recognized);
        Assert.Equal(sender.Books.Delivered, sender.Emulator.Events.Count);
        Assert.Equal(2_000, sender.Books.Delivered + sender.Books.Dropped);
    }

    [Fact]
    public async Task What_was_let_in_before_closing_and_is_read_only_after_it_is_dropped()
    {
        using var slow = new SlowValue();
        await using var sender = await Sender.StartAsync();
        var sending = Task.Run(() => sender.Client.Send(TestData.Event("taqsq", ("Slow", slow))));
        await slow.WhenRead;
        await sender.Client.DisposeAsync();
        slow.Release();
        await sending;

        Assert.Equal((1, 1), (sender.Books.Recognized, sender.Books.Completed("dropped", "closed")));
        Assert.Empty(sender.Emulator.Events);
    }

    /// <summary>A value whose text takes as long as the test wants.</summary>
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

    /// <summary>Answers nothing, cancels nothing, and throws at its end.</summary>
    private sealed class UncancellableHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task;

        protected override void Dispose(bool disposing) => throw new InvalidOperationException();
    }
}
