using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.Client.Tracking;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.PeriodicBatching;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Recognizes Metrix events on the thread that logs, and passes only these to the batching sink.
/// </summary>
internal sealed class MetrixSink : ILogEventSink, ISetLoggingFailureListener, IDisposable, IAsyncDisposable
{
    private readonly MetrixClient _client;
    private readonly LogEventRecognizer _recognizer;
    private readonly LogEventApp _app;
    private readonly PeriodicBatchingSink _batches;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _flushTimeout;
    private readonly object _disposeLock = new();
    private Task? _disposal;

    // Counts the threads that may have reserved a slot but have not yet passed the event to the batching sink.
    // CloseAsync waits for them, because the batching sink silently ignores events after it is disposed.
    private int _activeEmits;

    /// <exception cref="ArgumentException">A setting is missing or invalid.</exception>
    public MetrixSink(MetrixSinkOptions options)
    {
        _client = new MetrixClient(
            options, new HostIntegration { NoiseNames = PropertyFilter.LoggingNoise, Report = WriteToSelfLog });
        _clock = options.TimeProvider;
        _flushTimeout = options.FlushTimeout;
        _recognizer = new LogEventRecognizer(_client.Rules.Slugs);
        _app = new LogEventApp(_client.Apps, _client.Rules);
        _batches = new PeriodicBatchingSink(
            new MetrixBatchSink(_client),
            new PeriodicBatchingSinkOptions
            {
                BatchSizeLimit = options.BatchSizeLimit,
                Period = options.Period,
                EagerlyEmitFirstEvent = true,

                // The client enforces the queue limit and counts what it drops. This queue would drop silently.
                QueueLimit = null,
            });
    }

    /// <summary>Gets the counts of the ledger, for tests.</summary>
    internal LedgerSnapshot Ledger => _client.Ledger;

    public void Emit(LogEvent logEvent)
    {
        if (!_recognizer.TryRecognize(logEvent, out var match))
            return;

        Interlocked.Increment(ref _activeEmits);
        try
        {
            var identity = MetrixContext.Current;
            var ledger = _app.LedgerOf(logEvent, match, identity);
            if (_client.Tracker.TryAdmit(ledger, logEvent))
                _batches.Emit(new RecognizedLogEvent(logEvent, match, ledger, identity));
        }
        finally
        {
            Interlocked.Decrement(ref _activeEmits);
        }
    }

    public void SetFailureListener(ILoggingFailureListener failureListener)
    {
        ArgumentNullException.ThrowIfNull(failureListener);
        _client.Tracker.FailureListener = (logEvent, state, message) => failureListener.OnLoggingFailed(
            this,
            state == EventState.Abandoned ? LoggingFailureKind.Final : LoggingFailureKind.Permanent,
            message,
            [(LogEvent)logEvent],
            exception: null);
    }

    public ValueTask DisposeAsync()
    {
        lock (_disposeLock)
        {
            return new ValueTask(_disposal ??= Task.Run(CloseAsync));
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task CloseAsync()
    {
        var startedAt = _clock.GetTimestamp();
        _client.Tracker.Close();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _activeEmits) > 0 && _clock.GetElapsedTime(startedAt) < _flushTimeout)
            spin.SpinOnce();

        // The batching sink only maps and appends the events that it still holds: no network is involved, so this is
        // fast.
        await Task.WhenAny(_batches.DisposeAsync().AsTask(), Task.Delay(_flushTimeout, _clock)).ConfigureAwait(false);

        var remaining = _flushTimeout - _clock.GetElapsedTime(startedAt);
        await _client.CloseAsync(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero).ConfigureAwait(false);
    }

    // Never pass the message as the format: a brace in it would throw, and the exception would end the batching loop
    // for good.
    public static void WriteToSelfLog(string message) => SelfLog.WriteLine("{0}", message);
}
