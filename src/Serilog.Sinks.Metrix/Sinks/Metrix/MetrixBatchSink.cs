using Metrix.Client;
using Metrix.Client.Mapping;
using Serilog.Events;
using Serilog.Sinks.Metrix.Mapping;
using Serilog.Sinks.Metrix.Recognising;
using Serilog.Sinks.PeriodicBatching;

namespace Serilog.Sinks.Metrix;

/// <summary>
/// Takes the periodic batches, maps their events and appends them to the outbox. It waits for nothing and throws nothing:
/// the batches above it would offer a whole batch again for the sake of one event.
/// </summary>
internal sealed class MetrixBatchSink(MetrixClient client, LogEventRecogniser recogniser, LogEventApp app) : IBatchedLogEventSink
{
    // Batches come one at a time.
    private readonly EventBuilder _builder = new(client.Rules);

    public Task EmitBatchAsync(IEnumerable<LogEvent> batch)
    {
        foreach (var batched in batch)
        {
            var (logEvent, identity) = AmbientLogEvent.Unwrap(batched);

            // What was recognised at the door is recognised here: log events do not change.
            recogniser.TryRecognise(logEvent, out var recognition);
            var ledger = app.LedgerOf(logEvent, recognition, identity);
            try
            {
                LogEventReader.Read(logEvent, recognition, _builder);
                if (identity is not null)
                    _builder.Inherit(identity, level: 0);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Property values may be of any class that an enricher or a policy made.
                client.Intake.Refuse(InvalidReason.Unreadable, recognition.Slug, ledger, logEvent);
                continue;
            }

            client.Intake.Submit(_builder, ledger, logEvent);
        }

        client.SendAppended();
        return Task.CompletedTask;
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;
}
