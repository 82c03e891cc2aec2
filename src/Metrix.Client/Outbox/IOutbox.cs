using Metrix.Client.Apps;

namespace Metrix.Client.Outbox;

/// <summary>
/// Stores events until their outcome is known. Only the outbox knows where they are.
/// </summary>
/// <remarks>
/// Thread-safe. No method waits for a disk or a network, except <see cref="Close"/>, and none calls back.
/// </remarks>
internal interface IOutbox
{
    /// <summary>Gets whether stored events survive the process, and failed ones are kept as dead letters.</summary>
    bool IsDurable { get; }

    /// <summary>Gets the share of the size limit that is used, from 0 to 1.</summary>
    double Fullness { get; }

    /// <summary>Gets what is wrong with the storage, in a few words, or null.</summary>
    string? StorageError { get; }

    /// <summary>Starts the outbox. Called once, before any other method.</summary>
    /// <param name="wake">Called when an app may have events to lease that it did not have before. It must not
    /// block.</param>
    void Start(Action<MetrixApp> wake);

    /// <summary>
    /// Appends an event unless the outbox is full. The event can be leased once its batch is committed.
    /// </summary>
    /// <returns>False if the outbox is full.</returns>
    bool TryAppend(QueuedEvent queued);

    /// <summary>Completes a batch. Events appended before can be leased now or soon.</summary>
    void Commit();

    /// <summary>
    /// Leases up to <paramref name="max"/> due events of an app: first retries, those with the fewest attempts first,
    /// then new events, oldest first. Each is returned with <see cref="Complete"/> or <see cref="Release"/>.
    /// </summary>
    void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into);

    /// <summary>
    /// Leases one due event of an app as a probe: the one with the fewest attempts, so that an event that fails by
    /// itself is not mistaken for a failing endpoint again and again.
    /// </summary>
    void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into);

    /// <summary>Removes an event that has ended.</summary>
    /// <param name="queued">The event.</param>
    /// <param name="letter">The dead letter to keep if <see cref="IsDurable"/>, or null.</param>
    void Complete(QueuedEvent queued, DeadLetter? letter);

    /// <summary>Keeps the dead letter of an event that was never appended, if <see cref="IsDurable"/>.</summary>
    void AddDeadLetter(DeadLetter letter);

    /// <summary>Returns a leased event, which is due again after <paramref name="delay"/>.</summary>
    void Release(QueuedEvent queued, TimeSpan delay);

    /// <summary>Takes the events of an app that have waited longer than the retry time limit.</summary>
    void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into);

    /// <summary>Makes all events of an app due now.</summary>
    void MakeDue(MetrixApp app);

    /// <summary>Returns the number of events of an app, including leased ones.</summary>
    long Count(MetrixApp app);

    /// <summary>
    /// Returns how long until <see cref="Lease"/> or <see cref="TakeExpired"/> may return events that they do not
    /// return now, or null if nothing waits.
    /// </summary>
    TimeSpan? NextChange(MetrixApp app);

    /// <summary>
    /// Closes the outbox. Blocks the thread until what is left is stored, and needs no thread pool. Called when nothing
    /// is leased or appended any more.
    /// </summary>
    /// <param name="limit">The time limit.</param>
    OutboxRemainder Close(TimeSpan limit);
}
