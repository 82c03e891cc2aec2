namespace Metrix.Client.Tracking;

/// <summary>
/// Admits recognized events up to the queue limit and ends those that never reach the outbox. Events in the outbox end
/// through their own <c>TryEnd</c>.
/// </summary>
internal sealed class EventTracker(MetrixOptions options, Reporter reporter)
{
    public const string ClosedReason = "closed";
    public const string ClosedMessage = "an event was emitted after the logger or client was closed, and is lost";

    private readonly int _queueLimit = options.QueueLimit;
    private volatile bool _isClosed;
    private volatile bool _isStopped;

    public FlushTracker Flushes { get; } = new();

    public FailureNotifier Failures { get; } = new(reporter);

    /// <summary>Gets whether the outbox is no longer read.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Returns the share of an app's queue that is taken, from 0 to 1.</summary>
    public double BacklogShare(Ledger ledger) => Math.Min(1, (double)ledger.ReservedSlots / _queueLimit);

    /// <summary>Counts a recognized event and reserves a slot for it.</summary>
    /// <returns>False if the event was dropped. It is then counted and reported.</returns>
    public bool TryAdmit(Ledger ledger, object? source)
    {
        ledger.Recognize();
        var reserved = ledger.ReserveSlot();
        if (_isClosed)
        {
            Drop(ledger, source, ClosedReason, ClosedMessage);
            return false;
        }

        if (reserved > _queueLimit)
        {
            Drop(
                ledger, source, "full",
                $"the app \"{ledger.App}\" has reached QueueLimit ({_queueLimit} events), and new events are dropped");
            return false;
        }

        return true;
    }

    /// <summary>Drops an admitted event that the outbox has no room for or cannot take any more.</summary>
    public void Drop(Ledger ledger, object? source, string reason, string message) =>
        EndUnqueued(ledger, EventState.Dropped, source, reason, message);

    /// <summary>Ends an admitted event that never reached the outbox.</summary>
    public void EndUnqueued(Ledger ledger, EventState state, object? source, string reason, string message)
    {
        ledger.End(state, reason);
        ledger.ReleaseSlot();
        Failures.NotifyFailure(source, state, reason, message);
    }

    /// <summary>Drops every event from now on.</summary>
    public void Close() => _isClosed = true;

    /// <summary>
    /// Marks the outbox as no longer read. An event that was admitted before <see cref="Close"/> and is appended after
    /// this call must be ended by the thread that appends it.
    /// </summary>
    public void Stop() => _isStopped = true;
}
