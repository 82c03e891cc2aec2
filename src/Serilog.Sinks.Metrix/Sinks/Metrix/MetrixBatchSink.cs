using Metrix.Client;
using Metrix.Client.Mapping;
using Serilog.Events;
using Serilog.Sinks.Metrix.Records;
using Serilog.Sinks.PeriodicBatching;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Takes the periodic batches, maps their events and appends them to the outbox. It waits for nothing and throws nothing:
/// the batches above it would offer a whole batch again for the sake of one event.
/// </summary>
internal sealed class MetrixBatchSink(MetrixClient client) : IBatchedLogEventSink
{
    // Other sinks of the logger may add properties to a log event while it is read here.
    private const int MostReadings = 5;

    // Batches come one at a time.
    private readonly EventBuilder _builder = new(client.Rules);

    public Task EmitBatchAsync(IEnumerable<LogEvent> batch)
    {
        foreach (var batched in batch)
        {
            var recognised = (RecognizedLogEvent)batched;
            var logEvent = recognised.Original;
            if (TryRead(recognised))
                client.Pipeline.Submit(_builder, recognised.Ledger, logEvent, Weigh(logEvent));
            else
                client.Pipeline.Refuse(InvalidReason.Unreadable, recognised.Recognition.Slug, recognised.Ledger, logEvent);
        }

        client.CommitBatch();
        return Task.CompletedTask;
    }

    private bool TryRead(RecognizedLogEvent recognised)
    {
        for (var reading = 0; reading < MostReadings; reading++)
        {
            try
            {
                LogEventReader.Read(recognised.Original, recognised.Recognition, _builder);
                if (recognised.Identity is { } identity)
                    _builder.Inherit(identity, level: 0);
                return true;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Property values may be of any class that an enricher or a policy made.
            }
        }

        return false;
    }

    // It is kept only for a listener.
    private int Weigh(LogEvent logEvent)
    {
        try
        {
            return client.Tracker.FailureListener is null ? 0 : LogEventWeight.Of(logEvent);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As above. What cannot be weighed is as heavy as its text.
            return 0;
        }
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;
}
