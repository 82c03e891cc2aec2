using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Outbox;

/// <summary>
/// Events that were tried and are to be tried again now: the least tried first, and of these the oldest. So an event that
/// fails whenever it is tried stands behind those that only had bad luck.
/// </summary>
/// <remarks>Not safe for several threads. Every operation is as slow as the logarithm of what is in it.</remarks>
internal sealed class RetryQueue
{
    // The last is for all that were tried as often or more.
    private const int Ranks = 8;

    private readonly PriorityQueue<QueuedEvent, long>[] _byAttempts =
        [.. Enumerable.Range(0, Ranks).Select(_ => new PriorityQueue<QueuedEvent, long>())];

    public void Add(QueuedEvent entry) =>
        _byAttempts[Math.Min(entry.Attempts, Ranks - 1)].Enqueue(entry, entry.ExpiresAt);

    public bool TryTake([MaybeNullWhen(false)] out QueuedEvent entry)
    {
        foreach (var queue in _byAttempts)
        {
            if (queue.TryDequeue(out entry, out _))
                return true;
        }

        entry = null;
        return false;
    }

    public void TakeExpired(long now, ICollection<QueuedEvent> into)
    {
        foreach (var queue in _byAttempts)
        {
            while (queue.TryPeek(out _, out var expiry) && expiry <= now)
                into.Add(queue.Dequeue());
        }
    }

    /// <summary>When the first of them expires; the greatest number when there is none.</summary>
    public long NextExpiry()
    {
        var next = long.MaxValue;
        foreach (var queue in _byAttempts)
        {
            if (queue.TryPeek(out _, out var expiry))
                next = Math.Min(next, expiry);
        }

        return next;
    }
}
