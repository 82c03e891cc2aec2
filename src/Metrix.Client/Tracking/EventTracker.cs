using Metrix.Client.Intake;
using Metrix.Client.Outbox;

namespace Metrix.Client.Tracking;

/// <summary>
/// Takes events in, and ends each of them once. The only place where an event changes its state: the books, the limit at
/// the door, the waiting flushes and the host's failure listener learn of it here.
/// </summary>
internal sealed class EventTracker(MetrixOptions options, Reporter reporter)
{
    public const string ClosedReason = "closed";
    public const string ClosedMessage = "an event came after the logger or client was closed, and is lost";

    private readonly int _queueLimit = options.QueueLimit;
    private volatile bool _isClosed;
    private volatile bool _isStopped;

    /// <summary>How much of the room for events of an app is taken, from 0 to 1.</summary>
    public double BacklogShare(Ledger ledger) => Math.Min(1, (double)ledger.ReservedSlots / _queueLimit);

    public FlushTracker Flushes { get; } = new();

    /// <summary>
    /// Told of each event that ends other than delivered: the host's own record, the state and what happened. Set before
    /// the first event; null when nobody listens, and then no record is kept.
    /// </summary>
    public Action<object, EventState, string>? FailureListener { get; set; }

    /// <summary>
    /// Takes a recognised event in. False when it is refused, which is counted and reported here.
    /// </summary>
    public bool TryAdmit(Ledger ledger, object? source)
    {
        ledger.Recognize();
        var held = ledger.ReserveSlot();
        if (_isClosed)
        {
            Drop(ledger, source, ClosedReason, ClosedMessage);
            return false;
        }

        if (held > _queueLimit)
        {
            Drop(ledger, source, "full", $"QueueLimit ({_queueLimit} events) is reached for the app \"{ledger.App}\", and new events are refused");
            return false;
        }

        return true;
    }

    /// <summary>Ends an admitted event because there is no room in the outbox, or no way to it any more.</summary>
    public void Drop(Ledger ledger, object? source, string reason, string message) =>
        EndUnqueued(ledger, EventState.Dropped, source, reason, message);

    /// <summary>Ends an admitted event that never came into the outbox.</summary>
    public void EndUnqueued(Ledger ledger, EventState state, object? source, string reason, string message)
    {
        ledger.End(state, reason);
        ledger.ReleaseSlot();
        NotifyFailure(source, state, reason, message);
    }

    /// <summary>Ends an event of the outbox; false when it had ended already.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="outbox">Where it rests.</param>
    /// <param name="state">How it ends.</param>
    /// <param name="reason">Why, from a small and fixed set.</param>
    /// <param name="compose">Says what happened, when somebody is to be told.</param>
    /// <param name="answer">The start of the vendor's answer, for a dead letter.</param>
    public bool TryEnd(
        QueuedEvent entry, IOutbox outbox, EventState state, string? reason, Func<QueuedEvent, string>? compose,
        string? answer = null)
    {
        if (!entry.TryEnd())
            return false;

        outbox.Complete(entry, outbox.IsDurable ? LetterOf(entry, state, reason, answer) : null);
        Complete(entry, state, reason, compose);
        return true;
    }

    /// <summary>
    /// The event rests where it outlives the process: it takes no room at the door any more, and whoever waited for that may
    /// go on.
    /// </summary>
    public void MarkDurable(QueuedEvent entry)
    {
        if (entry.TryReleaseSlot())
            entry.Ledger.ReleaseSlot();
        (entry.Source as AuditWaiter)?.Confirm();
    }

    /// <summary>Lets go of an event that goes on to exist where it rests, for another client to deliver.</summary>
    public void TransferOwnership(QueuedEvent entry)
    {
        if (entry.TryEnd())
            Complete(entry, EventState.Kept, null, null);
    }

    /// <summary>Whether nothing leaves the outbox any more.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Refuses whatever comes from now on.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Tells those who were admitted before <see cref="Close"/>, and append only now, that they came too late.</summary>
    public void Stop() => _isStopped = true;

    private static DeadLetter? LetterOf(QueuedEvent entry, EventState state, string? reason, string? answer) =>
        state is EventState.Rejected or EventState.Expired
            ? new(entry.App.AppId, entry.Slug, entry.AcceptedAt, state, reason ?? "", answer, entry.Body)
            : null;

    private void Complete(QueuedEvent entry, EventState state, string? reason, Func<QueuedEvent, string>? compose)
    {
        if (entry.TryReleaseSlot())
            entry.Ledger.ReleaseSlot();
        entry.Ledger.End(state, reason);
        if (state == EventState.Delivered)
            (entry.Source as AuditWaiter)?.Confirm();
        if (compose is not null)
            NotifyFailure(entry.Source, state, reason ?? "", compose(entry));

        // Last, so that whoever waited for a flush finds everything told.
        Flushes.Leave(entry.Generation, isAbandoned: state is EventState.Abandoned or EventState.Kept);
    }

    private void NotifyFailure(object? source, EventState state, string reason, string message)
    {
        // Of abandoned events the number is said, once, by who closes.
        if (state != EventState.Abandoned)
            reporter.Report($"{state}:{reason}", () => message);
        if (source is null || FailureListener is not { } listener)
            return;

        try
        {
            listener(source, state, message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The listener is the host's; that it throws changes nothing for this event or the others.
            reporter.Report("listener", () => $"the failure listener threw {exception.GetType().Name}, and goes without this event");
        }
    }
}
