using System.Collections.Concurrent;
using Metrix.Client;
using Metrix.Client.Mapping;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.PeriodicBatching;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Holds recognized log events, maps them once a period and appends them to the outbox. Neither waits nor throws: after
/// an exception, the batching sink would offer the whole batch again because of one event.
/// </summary>
/// <remarks>
/// The events wait here and not in the batching sink, which only says when a batch is due. A flush and a close can
/// therefore map them at once, on their own thread, while the thread pool that runs the batching sink is starved.
/// </remarks>
internal sealed class MetrixBatchSink(MetrixClient client) : IBatchedLogEventSink
{
    // Another sink of the logger may add properties to a log event while this sink enumerates them. The enumeration
    // then throws, and a later attempt succeeds.
    private const int MaxReadAttempts = 5;

    private readonly BuilderPool _builders = new(client.Rules);
    private readonly ConcurrentQueue<RecognizedLogEvent> _waiting = new();

    /// <summary>Gets what the batching sink receives for each event that was added.</summary>
    public static LogEvent BatchItem { get; } =
        new(default, LogEventLevel.Information, exception: null, MessageTemplate.Empty, []);

    /// <summary>Adds an admitted event, which is mapped with the next batch.</summary>
    public void Add(RecognizedLogEvent recognized) => _waiting.Enqueue(recognized);

    /// <summary>Maps the events that wait now and takes them to the outbox.</summary>
    public void MapWaiting()
    {
        var builder = _builders.Rent();
        for (var left = _waiting.Count; left > 0 && _waiting.TryDequeue(out var recognized); left--)
            Map(recognized, builder);
        _builders.Return(builder);
        client.CommitBatch();
    }

    public Task EmitBatchAsync(IEnumerable<LogEvent> batch)
    {
        MapWaiting();
        return Task.CompletedTask;
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;

    private void Map(in RecognizedLogEvent recognized, EventBuilder builder)
    {
        var logEvent = recognized.Original;
        if (TryRead(recognized, builder))
        {
            client.Pipeline.Submit(builder, recognized.Admission, logEvent, EstimateBytes(logEvent));
        }
        else
        {
            client.Pipeline.Refuse(
                InvalidReason.Unreadable, recognized.Match.Slug, recognized.Admission, logEvent);
        }
    }

    private bool TryRead(in RecognizedLogEvent recognized, EventBuilder builder)
    {
        for (var attempt = 0; attempt < MaxReadAttempts; attempt++)
        {
            try
            {
                LogEventReader.Read(recognized.Original, recognized.Match, client.Slugs, builder);
                if (recognized.Identity is { } identity)
                    builder.Inherit(identity, level: 0);
                return true;
            }
            catch (Exception)
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
            return client.Tracker.Failures.Listener is null ? 0 : LogEventSize.EstimateBytes(logEvent);
        }
        catch (Exception)
        {
            // A property value may throw, as in TryRead. Only the encoded body then counts against the limit.
            return 0;
        }
    }
}
