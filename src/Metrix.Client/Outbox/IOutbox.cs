using Metrix.Client.Apps;

namespace Metrix.Client.Outbox;

/// <summary>
/// Where events rest until their outcome is known. Nothing outside it knows where that is. Safe for all threads, and none of
/// its methods waits for a disk or a network, but <see cref="CloseAsync"/>.
/// </summary>
internal interface IOutbox
{
    /// <summary>Whether what it holds outlives the process, and what ended badly stays in it as a dead letter.</summary>
    bool IsDurable { get; }

    /// <summary>How much of its room in bytes is taken, from 0 to 1.</summary>
    double Fullness { get; }

    /// <summary>What is wrong with the place where events rest, in a few words, or null.</summary>
    string? StorageError { get; }

    /// <summary>Begins. Called once, before anything else.</summary>
    /// <param name="wake">Called when an app may have something to lease that it had not before. It returns at once.</param>
    void Start(Action<MetrixApp> wake);

    /// <summary>
    /// Takes an event in, or refuses it because the outbox is full. It may be leased when the batch that it belongs to is
    /// committed.
    /// </summary>
    bool TryAppend(QueuedEvent entry);

    /// <summary>A batch is complete: what was appended before may be leased, now or soon.</summary>
    void Commit();

    /// <summary>
    /// Lends out up to <paramref name="max"/> events of an app that are due: those to be tried again, the least tried
    /// first, then those that never were, the oldest first. Each is given back by <see cref="Complete"/> or
    /// <see cref="Release"/>.
    /// </summary>
    void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into);

    /// <summary>
    /// Lends out one event of an app that is due, to probe with: the least tried, so that what failed because of the event
    /// itself is not taken for the endpoint's fault again and again.
    /// </summary>
    void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into);

    /// <summary>Forgets an event that has ended.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="letter">What is kept of it, when it ended badly and <see cref="IsDurable"/>.</param>
    void Complete(QueuedEvent entry, DeadLetter? letter);

    /// <summary>Keeps a dead letter of an event that was never taken in, when <see cref="IsDurable"/>.</summary>
    void AddDeadLetter(DeadLetter letter);

    /// <summary>Takes a leased event back, to be due again after <paramref name="delay"/>.</summary>
    void Release(QueuedEvent entry, TimeSpan delay);

    /// <summary>Takes out the events of an app that have waited for longer than the retry time limit.</summary>
    void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into);

    /// <summary>Makes all events of an app due now.</summary>
    void MakeDue(MetrixApp app);

    /// <summary>How many events of an app wait, leased or not.</summary>
    long Count(MetrixApp app);

    /// <summary>
    /// How long until <see cref="Lease"/> or <see cref="TakeExpired"/> may have something that they have not now, or null
    /// when nothing waits.
    /// </summary>
    TimeSpan? NextChange(MetrixApp app);

    /// <summary>Ends, when nothing is leased any more and nobody appends.</summary>
    /// <param name="limit">How long it may take at most.</param>
    /// <returns>What is lost: all that it held and cannot keep.</returns>
    ValueTask<IReadOnlyCollection<QueuedEvent>> CloseAsync(TimeSpan limit);
}
