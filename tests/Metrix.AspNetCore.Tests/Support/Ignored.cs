using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client.Tracking;

namespace Metrix.AspNetCore.Tests.Support;

/// <summary>What the instrument <c>metrix.client.identity.ignored</c> counts of the requests of this test.</summary>
internal sealed class Ignored : IDisposable
{
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();

    // Tests run side by side, and the instrument is the process's: what other flows count is not of this test.
    private readonly AsyncLocal<bool> _isOfTest = new();

    public Ignored()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Instruments.IdentityIgnoredName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (_isOfTest.Value)
                _counted.Enqueue($"{tags[0].Value}/{tags[1].Value}");
        });
        _listener.Start();
    }

    public IEnumerable<string> Counted => _counted.Order();

    /// <summary>Marks the flow of a request as this test's.</summary>
    public void Mark() => _isOfTest.Value = true;

    public void Dispose() => _listener.Dispose();
}
