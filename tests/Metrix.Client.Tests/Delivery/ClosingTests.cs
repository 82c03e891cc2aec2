using Metrix.Client.Tests.Support;
using Metrix.Emulator;

namespace Metrix.Client.Tests.Delivery;

public class ClosingTests
{
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

    /// <summary>Never responds, ignores cancellation, and throws when it is disposed of.</summary>
    private sealed class UncancellableHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task;

        protected override void Dispose(bool disposing) => throw new InvalidOperationException();
    }
}
