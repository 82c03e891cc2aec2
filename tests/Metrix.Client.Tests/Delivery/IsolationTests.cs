using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Delivery;

/// <summary>What the application has at hand does not reach the client's own work, and the other way round.</summary>
public class IsolationTests
{
    [Fact]
    public async Task Nothing_of_the_senders_context_is_caught_by_those_who_deliver()
    {
        var ambient = new AsyncLocal<string?> { Value = "of the request" };
        var seen = new ConcurrentQueue<string?>();
        await using var sender = await Sender.StartAsync(
            o => o.HttpMessageHandlerFactory = () => new Looking(() => seen.Enqueue(ambient.Value)));
        sender.Client.Send(TestData.Event());
        await sender.Emulator.WaitForAsync(1);
        sender.Client.Send(TestData.Event());
        await sender.CloseAsync();

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public async Task A_listener_of_the_meter_that_throws_changes_no_outcome()
    {
        var appId = TestData.AppId();
        await using var sender = await Sender.StartAsync(o => o.AppId = appId);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Metrix.Client" && !instrument.IsObservable)
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (Equals(tag.Value, appId))
                    throw new InvalidOperationException("the listener's own");
            }
        });
        listener.Start();
        for (var i = 0; i < 50; i++)
            sender.Client.Send(TestData.Event());

        Assert.Equal(50, (await sender.CloseAsync()).Count);
        Assert.Equal(50, sender.Client.Ledger.Delivered);
    }

    [Fact]
    public async Task A_client_that_is_closed_is_no_longer_measured()
    {
        var appId = TestData.AppId();
        await using var sender = await Sender.StartAsync(o => o.AppId = appId);
        Assert.True(IsMeasured(appId));
        await sender.CloseAsync();
        Assert.False(IsMeasured(appId));
    }

    [Theory]
    [InlineData("http://192.0.2.1", true)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("http://localhost:1", false)]
    [InlineData("https://192.0.2.1", false)]
    public async Task Clear_text_over_the_network_is_said(string endpoint, bool isSaid)
    {
        var said = new List<string>();
        await using (new MetrixClient(TestData.Options(o =>
        {
            o.Endpoint = new Uri(endpoint);
            o.Diagnostics = said.Add;
        })))
        {
        }

        Assert.Equal(isSaid ? 1 : 0, said.Count(message => message.Contains("clear text")));
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

    private sealed class Looking(Action look) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            look();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
