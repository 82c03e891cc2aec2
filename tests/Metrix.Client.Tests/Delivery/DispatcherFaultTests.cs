using Metrix.Client.Apps;
using Metrix.Client.Delivery;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that an exception that nothing expects neither ends delivery nor loses an event.</summary>
public class DispatcherFaultTests
{
    private readonly List<string> _messages = [];

    [Theory]
    [InlineData("Commit")]
    [InlineData("Lease")]
    [InlineData("LeaseProbe")]
    [InlineData("Release")]
    [InlineData("TakeExpired")]
    [InlineData("Count")]
    [InlineData("NextChange")]
    public async Task Delivery_continues_after_an_exception_of_the_outbox(string method)
    {
        // The first answer makes delivery pause, so that every method of the outbox is called.
        var requests = 0;
        var options = TestData.Options(o =>
        {
            o.Accelerate();
            o.Period = TimeSpan.FromMilliseconds(10);
            o.HttpMessageHandlerFactory = () => new StubHandler(
                () => Interlocked.Increment(ref requests) == 1 ? TooManyRequests() : Status(200));
        });
        var app = TestData.App();
        var outbox = new FaultyOutbox(new MemoryOutbox(options, [app]), method);
        using var transport = new HttpTransport(options);
        var reporter = new Reporter(_messages.Add, options.TimeProvider);
        var dispatcher = new Dispatcher(
            app, outbox, new InAppEventApi(transport, options.TimeProvider), reporter, options, onSendingThread: null);
        for (var i = 0; i < 20; i++)
        {
            var queued = TestData.Queued(app, tracker: TestData.Tracker(options));
            app.Ledger.Recognize();
            Assert.True(outbox.TryAppend(queued));
            dispatcher.OnAppended();
        }

        await Eventually.TrueAsync(() => app.Ledger.Read().Delivered == 20, () => $"{app.Ledger.Read()}");
        Assert.True(outbox.HasFailed);
        dispatcher.BeginStop();
        dispatcher.EndStop(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Assert.Single(_messages, message => message.Contains("unexpected OutOfMemoryException"));
        Assert.Equal(0, outbox.Count(app));
    }

    [Fact]
    public async Task An_event_that_its_worker_is_about_to_return_is_not_lost_when_delivery_stops()
    {
        using var isReturning = new ManualResetEventSlim();
        using var isStopped = new ManualResetEventSlim();
        var options = TestData.Options(
            o => o.HttpMessageHandlerFactory = () => new StubHandler(() => Status(503)));
        var app = TestData.App();
        var outbox = new FaultyOutbox(new MemoryOutbox(options, [app]), "Release", () =>
        {
            isReturning.Set();
            isStopped.Wait(Eventually.Limit);
        });
        using var transport = new HttpTransport(options);
        var reporter = new Reporter(null, options.TimeProvider);
        var dispatcher = new Dispatcher(
            app, outbox, new InAppEventApi(transport, options.TimeProvider), reporter, options, onSendingThread: null);
        var queued = TestData.Queued(app);
        Assert.True(outbox.TryAppend(queued));
        dispatcher.Wake();
        Assert.True(await Task.Run(() => isReturning.Wait(Eventually.Limit)));
        dispatcher.BeginStop();
        dispatcher.EndStop(TimeSpan.Zero, TimeSpan.Zero);

        Assert.Same(queued, Assert.Single(outbox.Close(TimeSpan.Zero).Lost));
        isStopped.Set();
    }

    [Theory]
    [InlineData(typeof(OutOfMemoryException))]
    [InlineData(typeof(InsufficientExecutionStackException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Delivery_continues_after_exceptions_of_the_handler(Type exception)
    {
        var requests = 0;
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.Accelerate();
            o.HttpMessageHandlerFactory = () => new ThrowingHandler(
                () => Interlocked.Increment(ref requests) <= 10, exception);
        });
        for (var i = 0; i < 20; i++)
            fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal(20, (await fixture.CloseAsync()).Count);
    }

    [Fact]
    public async Task Delivery_continues_when_the_callback_of_the_host_throws_on_a_worker()
    {
        var calls = 0;
        var host = new HostIntegration
        {
            OnSendingThread = () =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    throw new OutOfMemoryException("the host failed");
            },
        };
        var options = TestData.Options(o =>
        {
            o.Accelerate();
            o.Period = TimeSpan.FromMilliseconds(10);
            o.MaxInFlight = 1;
            o.HttpMessageHandlerFactory = () => new StubHandler(() => Status(200));
        });
        await using var client = new MetrixClient(options, host);
        client.Send(TestData.Event());

        Assert.True(await client.FlushAsync());
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Delivery_continues_when_a_meter_listener_and_the_diagnostics_run_out_of_memory()
    {
        var app = TestUser.AppId();
        using var listener = new ThrowingMeterListener(app, () => new OutOfMemoryException("the listener failed"));
        var requests = 0;
        await using var fixture = await ClientFixture.StartAsync(
            [app],
            o =>
            {
                o.Accelerate();
                o.Diagnostics = _ => throw new OutOfMemoryException("the channel failed");
            },
            _ => Interlocked.Increment(ref requests) <= 10 ? new Emulator.EmulatorResponse(503) : null);
        for (var i = 0; i < 20; i++)
            fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal(20, fixture.Client.Ledger.Delivered);
    }

    private static HttpResponseMessage TooManyRequests() => new(System.Net.HttpStatusCode.TooManyRequests)
    {
        Headers = { { "Retry-After", "1" } },
    };

    private static HttpResponseMessage Status(int status) => new((System.Net.HttpStatusCode)status);

    private sealed class StubHandler(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class ThrowingHandler(Func<bool> isThrowing, Type exception)
        : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => isThrowing()
            ? throw (Exception)Activator.CreateInstance(exception)!
            : base.SendAsync(request, cancellationToken);
    }
}
