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
    private readonly MetrixBatchSink _batch;

    // Calls the batch sink once a period, or when a batch is full.
    private readonly PeriodicBatchingSink _batches;

    /// <exception cref="ArgumentException">A setting is missing or invalid.</exception>
    public MetrixSink(MetrixSinkOptions options)
    {
        _client = new MetrixClient(
            options,
            new HostIntegration
            {
                NoiseNames = PropertyFilter.LoggingNoise,
                Report = WriteToSelfLog,

                // Another thread may flush all clients before this constructor has ended.
                BeforeFlush = () => _batch?.MapWaiting(),
                OnClosing = StopBatches,
            });
        _recognizer = new LogEventRecognizer(_client.Slugs);
        _app = new LogEventApp(_client.Apps, _client.Rules, _client.Slugs);
        _batch = new MetrixBatchSink(_client);
        _batches = new PeriodicBatchingSink(
            _batch,
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

        var identity = MetrixContext.Current;
        var ledger = _app.LedgerOf(logEvent, match, identity);
        if (!_client.Tracker.TryAdmit(ledger, logEvent, out var admission))
            return;

        try
        {
            _batch.Add(new RecognizedLogEvent(logEvent, match, admission, identity));
        }
        catch (Exception exception)
        {
            _client.Tracker.Drop(
                admission, logEvent, "error", $"an event could not be queued: {exception.GetType().Name}");
            return;
        }

        // The thread that closes maps what it sees in the batch. If it may have looked before this event was added,
        // this thread maps it.
        if (_client.Tracker.IsClosed)
            _batch.MapWaiting();
        else
            _batches.Emit(MetrixBatchSink.BatchItem);
    }

    public void SetFailureListener(ILoggingFailureListener failureListener)
    {
        ArgumentNullException.ThrowIfNull(failureListener);
        _client.Tracker.Failures.Listener = (logEvent, state, message) => failureListener.OnLoggingFailed(
            this,
            state == EventState.Abandoned ? LoggingFailureKind.Final : LoggingFailureKind.Permanent,
            message,
            [(LogEvent)logEvent],
            exception: null);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public void Dispose() => _client.Dispose();

    // Never pass the message as the format: a brace in it would throw, and the exception would end the batching loop
    // for good.
    public static void WriteToSelfLog(string message) => SelfLog.WriteLine("{0}", message);

    // Its loop ends on the thread pool. Nothing waits for it, because it holds no event.
    private void StopBatches() => _ = _batches.DisposeAsync().AsTask();
}
