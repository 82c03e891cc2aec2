using Metrix.Client;
using Metrix.Client.Mapping;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.PeriodicBatching;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Maps the log events of a periodic batch and appends them to the outbox. Neither waits nor throws: after an
/// exception, the batching sink would offer the whole batch again because of one event.
/// </summary>
internal sealed class MetrixBatchSink(MetrixClient client) : IBatchedLogEventSink
{
    // Another sink of the logger may add properties to a log event while this sink enumerates them. The enumeration
    // then throws, and a later attempt succeeds.
    private const int MaxReadAttempts = 5;

    // Not shared between threads: batches arrive one at a time.
    private readonly EventBuilder _builder = new(client.Rules);

    public Task EmitBatchAsync(IEnumerable<LogEvent> batch)
    {
        foreach (var item in batch)
        {
            var recognized = (RecognizedLogEvent)item;
            var logEvent = recognized.Original;
            if (TryRead(recognized))
                client.Pipeline.Submit(_builder, recognized.Ledger, logEvent, EstimateBytes(logEvent));
            else
                client.Pipeline.Refuse(InvalidReason.Unreadable, recognized.Match.Slug, recognized.Ledger, logEvent);
        }

        client.CommitBatch();
        return Task.CompletedTask;
    }

    private bool TryRead(RecognizedLogEvent recognized)
    {
        for (var attempt = 0; attempt < MaxReadAttempts; attempt++)
        {
            try
            {
                LogEventReader.Read(recognized.Original, recognized.Match, _builder);
                if (recognized.Identity is { } identity)
                    _builder.Inherit(identity, level: 0);
                return true;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A property value may be an instance of any class that an enricher or a destructuring policy created,
                // so reading it may throw anything.
            }
        }

        return false;
    }

    // The client keeps the log event only for a failure listener. Without one, it uses no memory.
    private int EstimateBytes(LogEvent logEvent)
    {
        try
        {
            return client.Tracker.FailureListener is null ? 0 : LogEventSize.EstimateBytes(logEvent);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A property value may throw, as in TryRead. Only the encoded body then counts against the limit.
            return 0;
        }
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;
}
