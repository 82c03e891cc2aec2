using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Outbox;

/// <summary>
/// Holds events that are due for a retry: those with the fewest attempts first, and of these the oldest. An event that
/// always fails therefore does not hold up events that failed by chance.
/// </summary>
/// <remarks>Not thread-safe. Every operation takes logarithmic time.</remarks>
internal sealed class RetryQueue
{
    // The last queue holds all events with that many attempts or more.
    private const int QueueCount = 8;

    private readonly PriorityQueue<QueuedEvent, long>[] _byAttempts =
        [.. Enumerable.Range(0, QueueCount).Select(_ => new PriorityQueue<QueuedEvent, long>())];

    public void Add(QueuedEvent queued) =>
        _byAttempts[Math.Min(queued.Attempts, QueueCount - 1)].Enqueue(queued, queued.ExpiresAt);

    public bool TryTake([MaybeNullWhen(false)] out QueuedEvent queued)
    {
        foreach (var queue in _byAttempts)
        {
            if (queue.TryDequeue(out queued, out _))
                return true;
        }

        queued = null;
        return false;
    }

    public bool TryTakeExpired(long now, [MaybeNullWhen(false)] out QueuedEvent queued)
    {
        foreach (var queue in _byAttempts)
        {
            if (queue.TryPeek(out queued, out var expiry) && expiry <= now)
            {
                queue.Dequeue();
                return true;
            }
        }

        queued = null;
        return false;
    }

    /// <summary>Removes the events that have ended. Takes linear time.</summary>
    public void RemoveEnded()
    {
        foreach (var queue in _byAttempts)
        {
            var left = queue.UnorderedItems.Where(item => !item.Element.HasEnded).ToArray();
            queue.Clear();
            queue.EnqueueRange(left);
        }
    }

    /// <summary>Returns when the first event expires, or <see cref="long.MaxValue"/> if there is none.</summary>
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
