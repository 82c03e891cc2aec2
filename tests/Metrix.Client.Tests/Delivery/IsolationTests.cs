using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that the state of the application does not affect delivery, and vice versa.</summary>
public class IsolationTests
{
    [Fact]
    public async Task Delivery_does_not_capture_the_execution_context_of_the_sender()
    {
        var ambient = new AsyncLocal<string?> { Value = "request" };
        var seen = new ConcurrentQueue<string?>();
        await using var fixture = await ClientFixture.StartAsync(
            o => o.HttpMessageHandlerFactory = () => new ObservingHandler(() => seen.Enqueue(ambient.Value)));
        fixture.Client.Send(TestData.Event());
        await fixture.Emulator.WaitForAsync(1);
        fixture.Client.Send(TestData.Event());
        await fixture.CloseAsync();

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public async Task A_throwing_meter_listener_does_not_change_the_outcome()
    {
        await using var fixture = await ClientFixture.StartAsync();
        using var listener = new ThrowingMeterListener(
            fixture.AppId, () => new InvalidOperationException("the listener failed"));
        for (var i = 0; i < 50; i++)
            fixture.Client.Send(TestData.Event());

        Assert.Equal(50, (await fixture.CloseAsync()).Count);
        Assert.Equal(50, fixture.Client.Ledger.Delivered);
    }

    [Fact]
    public async Task A_closed_client_is_no_longer_measured()
    {
        await using var fixture = await ClientFixture.StartAsync();
        var appId = fixture.AppId;
        Assert.True(IsMeasured(appId));
        await fixture.CloseAsync();
        Assert.False(IsMeasured(appId));
    }

    private static bool IsMeasured(string appId)
    {
        var isMeasured = false;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == Instruments.PendingName)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                isMeasured |= Equals(tag.Value, appId);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return isMeasured;
    }

    private sealed class ObservingHandler(Action observe) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            observe();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
