namespace Metrix.Client.Tracking;

/// <summary>
/// Admits recognized events up to the queue limit and ends those that never reach the outbox. Events in the outbox end
/// through their own <c>TryEnd</c>.
/// </summary>
/// <remarks>
/// An emitter first enters, here or in a queue, and then reads whether the tracker is closed. The thread that closes
/// first marks the tracker as closed, and then looks for who has entered. Full fences between the two steps of both
/// guarantee that at least one of them sees the other: without them, a processor may read before it writes.
/// </remarks>
internal sealed class EventTracker(MetrixOptions options, Reporter reporter)
{
    public const string ClosedReason = "closed";
    public const string ClosedMessage = "an event was emitted after the logger or client was closed, and is lost";

    private readonly int _queueLimit = options.QueueLimit;
    private int _isClosed;
    private int _isStopped;

    public FlushTracker Flushes { get; } = new();

    public FailureNotifier Failures { get; } = new(reporter);

    /// <summary>Gets whether the outbox is no longer read. What was appended before is visible to its reader.</summary>
    public bool IsStopped => ReadAfterFence(ref _isStopped);

    /// <summary>Returns the share of an app's queue that is taken, from 0 to 1.</summary>
    public double BacklogShare(Ledger ledger) => Math.Min(1, (double)ledger.ReservedSlots / _queueLimit);

    /// <summary>
    /// Gets whether every event is dropped. What the caller entered before is visible to the thread that closes.
    /// </summary>
    public bool IsClosed => ReadAfterFence(ref _isClosed);

    /// <summary>Counts a recognized event, reserves a slot for it, and lets flushes wait for it.</summary>
    /// <param name="ledger">The ledger that counts the event.</param>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="admission">Receives what <see cref="EndUnqueued"/> or the queued event needs.</param>
    /// <returns>False if the event was dropped. It is then counted and reported.</returns>
    public bool TryAdmit(Ledger ledger, object? source, out Admission admission)
    {
        ledger.Recognize();
        var reserved = ledger.ReserveSlot();
        admission = new Admission(ledger, Flushes.Enter());
        if (IsClosed)
        {
            Drop(admission, source, ClosedReason, ClosedMessage);
            return false;
        }

        if (reserved > _queueLimit)
        {
            Drop(
                admission, source, "full",
                $"the app \"{ledger.App}\" has reached QueueLimit ({_queueLimit} events), and new events are dropped");
            return false;
        }

        return true;
    }

    /// <summary>Drops an admitted event that the outbox has no room for or cannot take any more.</summary>
    public void Drop(Admission admission, object? source, string reason, string message) =>
        EndUnqueued(admission, EventState.Dropped, source, reason, message);

    /// <summary>Ends an admitted event that never reached the outbox. Does not throw.</summary>
    public void EndUnqueued(Admission admission, EventState state, object? source, string reason, string message)
    {
        admission.Ledger.End(state, reason);
        admission.Ledger.ReleaseSlot();
        Notify(source, state, reason, () => message);

        // Last, so that the outcome has been reported when a flush returns.
        Flushes.Leave(admission.Generation);
    }

    /// <summary>Reports an event that ended other than delivered. Does not throw.</summary>
    public void Notify(object? source, EventState state, string reason, Func<string> compose)
    {
        try
        {
            Failures.NotifyFailure(source, state, reason, compose());
        }
        catch (Exception)
        {
            // Even without memory for a message, the event must end: its slot, its waiter and the flushes depend on it.
        }
    }

    /// <summary>Drops every event from now on. What the caller reads next is at least as new as the mark.</summary>
    public void Close() => Interlocked.Exchange(ref _isClosed, 1);

    /// <summary>
    /// Marks the outbox as no longer read. An event that was admitted before <see cref="Close"/> and is appended after
    /// this call must be ended by the thread that appends it.
    /// </summary>
    public void Stop() => Interlocked.Exchange(ref _isStopped, 1);

    private static bool ReadAfterFence(ref int flag)
    {
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref flag) == 1;
    }
}
