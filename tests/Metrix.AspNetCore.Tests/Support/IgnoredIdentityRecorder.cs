using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Metrix.Client.Tracking;

namespace Metrix.AspNetCore.Tests.Support;

/// <summary>
/// Records what the instrument <c>metrix.client.identity.ignored</c> counts for the requests of one test.
/// </summary>
internal sealed class IgnoredIdentityRecorder : IDisposable
{
    private readonly ConcurrentQueue<string> _ignored = new();
    private readonly MeterListener _listener = new();

    // The instrument is static. Without this flag, the recorder would also count the values of other tests.
    private readonly AsyncLocal<bool> _isRecording = new();

    public IgnoredIdentityRecorder()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == Instruments.IdentityIgnoredName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (_isRecording.Value)
                _ignored.Enqueue($"{tags[0].Value}/{tags[1].Value}");
        });
        _listener.Start();
    }

    /// <summary>Gets the field and the source of each ignored value.</summary>
    public IEnumerable<string> Ignored => _ignored.Order();

    /// <summary>Starts to record in the current asynchronous flow.</summary>
    public void StartRecording() => _isRecording.Value = true;

    public void Dispose() => _listener.Dispose();
}
