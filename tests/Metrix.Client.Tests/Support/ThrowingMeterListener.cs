using System.Diagnostics.Metrics;
using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Support;

/// <summary>Observes the counters of the client and throws at each measurement of one app.</summary>
internal sealed class ThrowingMeterListener : IDisposable
{
    private readonly MeterListener _listener = new();

    public ThrowingMeterListener(string app, Func<Exception> exception)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instruments.MeterName && !instrument.IsObservable)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (Equals(tag.Value, app))
                    throw exception();
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();
}
