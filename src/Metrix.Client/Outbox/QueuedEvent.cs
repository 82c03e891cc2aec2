using Metrix.Client.Apps;
using Metrix.Client.Tracking;

namespace Metrix.Client.Outbox;

/// <summary>
/// Represents an event that waits to be delivered: its bytes, and what is needed to account for its outcome.
/// </summary>
/// <remarks>
/// An event ends once, whichever thread ends it first: in <see cref="Account"/>, which updates the ledger and the
/// waiter, and then in <see cref="Announce"/>, which notifies the failure listener and the flushes.
/// </remarks>
internal sealed class QueuedEvent(
    MetrixApp app, Ledger ledger, string slug, byte[] body, object? source, EventTracker tracker)
{
    private int _hasEnded;
    private int _hasSlot = 1;
    private int _retrying;
    private long _refusedAtDelivery = -1;

    public MetrixApp App { get; } = app;

    /// <summary>Gets the ledger that the event was counted in.</summary>
    public Ledger Ledger { get; } = ledger;

    /// <summary>Gets the slug, for messages. The body contains it, too.</summary>
    public string Slug { get; } = slug;

    /// <summary>Gets the body. Retries send the same bytes.</summary>
    public byte[] Body { get; } = body;

    /// <summary>Gets the host's own record. It is kept only if a failure listener may want it.</summary>
    public object? Source { get; } = source;

    /// <summary>Gets the approximate number of bytes in memory, including the host's own record.</summary>
    public int Weight { get; init; } = body.Length;

    /// <summary>
    /// Gets or sets when the event was accepted, in Unix milliseconds. Set by durable outboxes, because a monotonic
    /// time means nothing after a restart.
    /// </summary>
    public long AcceptedAt { get; set; }

    /// <summary>Gets or sets the row in a durable outbox; 0 if there is none. Owned by the outbox.</summary>
    public long Row { get; set; }

    /// <summary>Gets or sets the owner of that row. Owned by the outbox.</summary>
    public long Owner { get; set; }

    /// <summary>Gets or sets whether the event is leased. Owned by the outbox.</summary>
    public bool IsLeased { get; set; }

    /// <summary>Gets or sets when the event expires, by the outbox's own clock. Owned by the outbox.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>Gets or sets whether the event is in its queue, and not leased. Owned by the queue.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Gets or sets after how many other events a refused event is sent again. Owned by the queue.</summary>
    public long Turn { get; set; }

    /// <summary>Gets the number of failed attempts. Owned by the dispatcher that leases the event.</summary>
    public int Attempts { get; private set; }

    /// <summary>
    /// Gets how many times this event alone was refused, each after another event was delivered. Owned by the
    /// dispatcher that leases the event.
    /// </summary>
    public int Refusals { get; private set; }

    /// <summary>Gets or sets the flush generation of the event.</summary>
    public FlushGeneration? Generation { get; set; }

    /// <summary>Gets whether the event has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded) == 1;

    /// <summary>Counts a failed attempt that will be repeated.</summary>
    public void BeginRetrying()
    {
        Attempts++;
        if (Interlocked.CompareExchange(ref _retrying, 1, 0) == 0)
            Ledger.AddRetrying(1);

        // The caller of an audited event may have ended it meanwhile.
        if (HasEnded)
            EndRetrying();
    }

    /// <summary>Records that the event does not have to be retried again.</summary>
    public void EndRetrying()
    {
        if (Interlocked.Exchange(ref _retrying, 0) == 1)
            Ledger.AddRetrying(-1);
    }

    /// <summary>Counts a refusal, unless no other event was delivered since the last one.</summary>
    /// <param name="deliveries">The number of deliveries so far.</param>
    public void CountRefusal(long deliveries)
    {
        if (_refusedAtDelivery != deliveries)
            Refusals++;
        _refusedAtDelivery = deliveries;
    }

    /// <summary>Ends the event and removes it from its outbox. Does not throw.</summary>
    /// <param name="outbox">The outbox that the event is in.</param>
    /// <param name="state">How the event ends.</param>
    /// <param name="reason">Why, out of a small fixed set.</param>
    /// <param name="compose">Composes the message, or null if nobody is notified.</param>
    /// <param name="answer">The start of the vendor's answer, for a dead letter.</param>
    /// <returns>False if the event had already ended. An answer after that changes nothing.</returns>
    public bool TryEnd(
        IOutbox outbox, EventState state, string? reason, Func<QueuedEvent, string>? compose, string? answer = null)
    {
        if (!TryAccount(outbox, state, reason, answer))
            return false;

        Announce(state, reason, compose);
        return true;
    }

    /// <summary>
    /// Ends the event as <see cref="TryEnd"/> does, and notifies nobody yet. The caller must call
    /// <see cref="Announce"/> afterwards.
    /// </summary>
    /// <returns>False if the event had already ended.</returns>
    public bool TryAccount(IOutbox outbox, EventState state, string? reason, string? answer = null)
    {
        if (!TryMarkEnded())
            return false;

        try
        {
            outbox.Complete(this, outbox.IsDurable ? ToDeadLetter(state, reason, answer) : null);
        }
        catch (Exception)
        {
            // Memory may be exhausted. The event has ended, so its slot, its waiter and the flushes must learn of it.
        }

        Account(state, reason);
        return true;
    }

    /// <summary>Notifies the listener of an event that has ended, and the flushes. Does not throw.</summary>
    public void Announce(EventState state, string? reason, Func<QueuedEvent, string>? compose)
    {
        if (compose is not null)
            Notify(state, reason ?? "", compose);

        // Last, so that the outcome has been reported when a flush returns.
        tracker.Flushes.Leave(Generation, isLost: state is EventState.Abandoned or EventState.Kept);
    }

    /// <summary>
    /// Reports that the event is stored where it survives the process. It no longer counts against the queue limit, and
    /// its waiter continues.
    /// </summary>
    public void MarkDurable()
    {
        if (TryReleaseSlot())
            Ledger.ReleaseSlot();
        (Source as IEventWaiter)?.Confirm();
    }

    /// <summary>Ends the event for this client. It remains stored, and another client will deliver it.</summary>
    public void TransferOwnership()
    {
        if (!TryMarkEnded())
            return;

        Account(EventState.Kept, null);
        Announce(EventState.Kept, null, null);
    }

    /// <summary>
    /// Marks an event that never reached the outbox as ended, so that nothing sends it. The caller accounts for it.
    /// </summary>
    /// <returns>False if the event had already ended.</returns>
    public bool TryDiscard() => TryMarkEnded();

    /// <summary>Gives up the event's slot of the queue.</summary>
    /// <returns>True for the first call.</returns>
    public bool TryReleaseSlot() => Interlocked.Exchange(ref _hasSlot, 0) == 1;

    private bool TryMarkEnded() => Interlocked.Exchange(ref _hasEnded, 1) == 0;

    private DeadLetter? ToDeadLetter(EventState state, string? reason, string? answer) =>
        state is EventState.Rejected or EventState.Expired
            ? new(App.AppId, Slug, AcceptedAt, state, reason ?? "", answer, Body)
            : null;

    // A separate method, so that only failed events pay for its closure.
    private void Notify(EventState state, string reason, Func<QueuedEvent, string> compose) =>
        tracker.Notify(Source, state, reason, () => compose(this));

    private void Account(EventState state, string? reason)
    {
        EndRetrying();
        if (TryReleaseSlot())
            Ledger.ReleaseSlot();
        Ledger.End(state, reason);
        if (state == EventState.Delivered)
            (Source as IEventWaiter)?.Confirm();
    }
}
