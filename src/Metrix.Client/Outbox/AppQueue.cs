using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Outbox;

/// <summary>The events of one app that are in memory and not leased. It is its own lock.</summary>
internal sealed class AppQueue
{
    private bool _isBacklogsTurn;
    private long _size;

    /// <summary>Never tried, in the order of acceptance, and so of expiry.</summary>
    public Queue<QueuedEvent> Fresh { get; } = new();

    /// <summary>The same of an earlier time: what was kept elsewhere and came back, the oldest first.</summary>
    public Queue<QueuedEvent> Backlog { get; } = new();

    /// <summary>Tried, and waiting for their time; by that time, or by their expiry if it comes first.</summary>
    public PriorityQueue<QueuedEvent, long> Delayed { get; } = new();

    /// <summary>Tried, and to be tried again now.</summary>
    public RetryQueue Due { get; } = new();

    /// <summary>How many are here or leased.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes they take. Read by other threads too.</summary>
    public long Size => Volatile.Read(ref _size);

    public void Add(int weight)
    {
        Count++;
        Volatile.Write(ref _size, _size + weight);
    }

    public void Remove(int weight)
    {
        Count--;
        Volatile.Write(ref _size, _size - weight);
    }

    public void MoveDue(long now)
    {
        while (Delayed.TryPeek(out var entry, out var due) && due <= now)
        {
            Delayed.Dequeue();
            Due.Add(entry);
        }
    }

    public bool TryTake([MaybeNullWhen(false)] out QueuedEvent entry) => Due.TryTake(out entry) || TryTakeUntried(out entry);

    public bool TryTakeProbe([MaybeNullWhen(false)] out QueuedEvent entry) => TryTakeUntried(out entry) || Due.TryTake(out entry);

    public void TakeExpired(long now, ICollection<QueuedEvent> into)
    {
        MoveDue(now);
        Due.TakeExpired(now, into);
        foreach (var queue in (ReadOnlySpan<Queue<QueuedEvent>>)[Fresh, Backlog])
        {
            while (queue.TryPeek(out var entry) && entry.ExpiresAt <= now)
                into.Add(queue.Dequeue());
        }
    }

    /// <summary>When something here is due or expires next; the greatest number when nothing does.</summary>
    public long NextChange()
    {
        var next = Due.NextExpiry();
        if (Delayed.TryPeek(out _, out var due))
            next = Math.Min(next, due);
        if (Fresh.TryPeek(out var oldest))
            next = Math.Min(next, oldest.ExpiresAt);
        if (Backlog.TryPeek(out oldest))
            next = Math.Min(next, oldest.ExpiresAt);
        return next;
    }

    // By turns: what came back is delivered beside what is new, and neither holds the other up.
    private bool TryTakeUntried([MaybeNullWhen(false)] out QueuedEvent entry)
    {
        _isBacklogsTurn = !_isBacklogsTurn;
        return _isBacklogsTurn
            ? Backlog.TryDequeue(out entry) || Fresh.TryDequeue(out entry)
            : Fresh.TryDequeue(out entry) || Backlog.TryDequeue(out entry);
    }
}
