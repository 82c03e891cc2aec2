using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Quickstart;

/// <summary>
/// Reads the instruments of the meter <c>Metrix.Client</c>, as a dashboard would.
/// </summary>
internal sealed class Counters : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _values = new();
    private readonly MeterListener _listener = new();

    public Counters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Metrix.Client")
            {
                _values.TryAdd(instrument.Name, 0);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            _values.AddOrUpdate(instrument.Name, value, (_, sum) => instrument.IsObservable ? value : sum + value));
        _listener.Start();
    }

    public IEnumerable<(string Name, long Value)> Read()
    {
        _listener.RecordObservableInstruments();
        return _values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value));
    }

    public void Dispose() => _listener.Dispose();
}
