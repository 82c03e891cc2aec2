using Metrix.Client.Delivery;

namespace Metrix.Client.Outbox;

/// <summary>
/// Where events rest until their outcome is known. Nothing outside it knows where that is. Safe for all threads.
/// </summary>
internal interface IOutbox
{
    /// <summary>Takes an event in, or refuses it because the outbox is full. Never waits.</summary>
    bool TryAppend(OutboxEntry entry);

    /// <summary>
    /// Lends out up to <paramref name="max"/> events of an app that are due: those to be tried again, the least tried
    /// first, then those that never were, the oldest first. Each is given back by <see cref="Complete"/> or
    /// <see cref="Release"/>.
    /// </summary>
    void Lease(MetrixApp app, int max, ICollection<OutboxEntry> into);

    /// <summary>
    /// Lends out one event of an app that is due, to probe with: the least tried, so that what failed because of the event
    /// itself is not taken for the endpoint's fault again and again.
    /// </summary>
    void LeaseProbe(MetrixApp app, ICollection<OutboxEntry> into);

    /// <summary>Forgets an event that has ended.</summary>
    void Complete(OutboxEntry entry);

    /// <summary>Takes a leased event back, to be due again after <paramref name="delay"/>.</summary>
    void Release(OutboxEntry entry, TimeSpan delay);

    /// <summary>Takes out the events of an app that have waited for longer than the retry time limit.</summary>
    void TakeExpired(MetrixApp app, ICollection<OutboxEntry> into);

    /// <summary>Makes all events of an app due now.</summary>
    void Expedite(MetrixApp app);

    /// <summary>Takes out every event of an app that is not leased, when the outbox closes and keeps nothing.</summary>
    void TakeAll(MetrixApp app, ICollection<OutboxEntry> into);

    /// <summary>How many events of an app wait, leased or not.</summary>
    int Count(MetrixApp app);

    /// <summary>
    /// How long until <see cref="Lease"/> or <see cref="TakeExpired"/> may have something that they have not now, or null
    /// when nothing waits.
    /// </summary>
    TimeSpan? NextChange(MetrixApp app);
}
