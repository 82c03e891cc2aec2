using Metrix.Client.Apps;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;

namespace Metrix.Client.Intake;

/// <summary>
/// Reads a record on the thread that emits it, and takes it to the outbox. Nothing is thrown into the application:
/// every recognized record is counted, whatever its values and the machine's memory do.
/// </summary>
internal sealed class RecordIntake(AppDirectory apps, EventTracker tracker, EventPipeline pipeline)
{
    /// <summary>Reads a record and takes it to the outbox, or ends it. Keeps nothing of the record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="read">Reads the record into the builder. It may throw, because the values are the
    /// application's.</param>
    /// <param name="builders">The builders for this kind of record.</param>
    /// <param name="waiter">Waits for the event. Default null: nobody.</param>
    /// <returns>The queued event, or null if it has ended.</returns>
    public QueuedEvent? Submit<TRecord>(
        TRecord record, Action<TRecord, EventBuilder> read, BuilderPool builders, AuditWaiter? waiter = null)
    {
        var builder = TryRent(builders);
        try
        {
            var isReadable = builder is not null && TryRead(record, read, builder);
            var ledger = apps.LedgerOf(builder is null ? null : apps.Find(builder));
            if (!tracker.TryAdmit(ledger, waiter, out var admission))
                return null;

            return isReadable
                ? pipeline.Submit(builder!, admission, waiter)
                : pipeline.Refuse(InvalidReason.Unreadable, builder?.Slug ?? "", admission, waiter);
        }
        finally
        {
            Return(builder, builders);
        }
    }

    private static EventBuilder? TryRent(BuilderPool builders)
    {
        try
        {
            return builders.Rent();
        }
        catch (Exception)
        {
            // Memory may be exhausted.
            return null;
        }
    }

    private static void Return(EventBuilder? builder, BuilderPool builders)
    {
        try
        {
            if (builder is not null)
                builders.Return(builder);
        }
        catch (Exception)
        {
            // Memory may be exhausted. The next event then needs a new builder.
        }
    }

    private static bool TryRead<TRecord>(
        TRecord record, Action<TRecord, EventBuilder> read, EventBuilder builder)
    {
        try
        {
            read(record, builder);
            return true;
        }
        catch (Exception)
        {
            // Values, enumerators and dictionaries are the application's: of any type, and possibly changed meanwhile.
            return false;
        }
    }
}
