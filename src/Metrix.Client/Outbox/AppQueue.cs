using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Outbox;

/// <summary>
/// Holds the events of one app that are in memory, in the order in which they are leased.
/// </summary>
/// <remarks>
/// Thread-safe: one lock, under which nothing is called that can call back. Every operation takes logarithmic time at
/// most, except that ended events are removed in bulk. The clock is monotonic, so a changed wall clock has no effect.
/// </remarks>
internal sealed class AppQueue(TimeProvider clock, TimeSpan lifetime)
{
    // Ended events are removed when that many are still in the queue.
    private const int MaxEnded = 1_000;

    private readonly object _lock = new();
    private readonly long _lifetimeTicks = Ticks(clock, lifetime);

    // Never tried, in the order in which they were accepted and will expire.
    private readonly Queue<QueuedEvent> _fresh = new();

    // Never tried since they were restored from elsewhere, oldest first.
    private readonly Queue<QueuedEvent> _backlog = new();

    // Waiting for their retry, ordered by its time, or by their expiry if that is earlier.
    private readonly PriorityQueue<QueuedEvent, long> _delayed = new();

    // Due for a retry.
    private readonly RetryQueue _due = new();

    // Due for a retry after the untried events that were in the queue before them, because they alone are refused.
    private readonly PriorityQueue<QueuedEvent, long> _refused = new();
    private bool _isBacklogNext;
    private long _untriedAdded;
    private int _ended;
    private long _count;
    private long _sizeBytes;

    /// <summary>Gets the number of events, including leased ones.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Gets the number of bytes of the events, including leased ones.</summary>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    private long UntriedTaken => _untriedAdded - _fresh.Count - _backlog.Count;

    /// <summary>Adds a new event unless the queue would exceed a size.</summary>
    public bool TryAppend(QueuedEvent queued, long maxSizeBytes = long.MaxValue)
    {
        queued.ExpiresAt = clock.GetTimestamp() + _lifetimeTicks;
        lock (_lock)
        {
            if (queued.Weight > maxSizeBytes - _sizeBytes)
                return false;

            AddUntried_NeedsLock(_fresh, queued);
            return true;
        }
    }

    /// <summary>
    /// Adds an event that was stored elsewhere. Restored events are leased in the order of these calls, alternating
    /// with new ones.
    /// </summary>
    public void Restore(QueuedEvent queued, long expiresAt)
    {
        queued.ExpiresAt = expiresAt;
        lock (_lock)
        {
            AddUntried_NeedsLock(_backlog, queued);
        }
    }

    /// <summary>Takes up to <paramref name="max"/> events that are due. Each is released or completed later.</summary>
    public void Lease(int max, ICollection<QueuedEvent> into)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            MoveDue_NeedsLock(now);
            while (max-- > 0 && TryTake_NeedsLock(out var queued))
                into.Add(queued);
        }
    }

    /// <summary>
    /// Takes one event that is due, preferring one that was never tried, so that an event that fails by itself is not
    /// mistaken for a failing endpoint.
    /// </summary>
    public void LeaseProbe(ICollection<QueuedEvent> into)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            MoveDue_NeedsLock(now);
            if (TryTakeUntried_NeedsLock(out var queued) || TryTake_NeedsLock(out queued))
                into.Add(queued);
        }
    }

    /// <summary>
    /// Returns a leased event, which is due again after a delay. Without effect if it was already returned or has
    /// ended.
    /// </summary>
    public void Release(QueuedEvent queued, TimeSpan delay)
    {
        var dueAt = clock.GetTimestamp() + Ticks(clock, delay);
        lock (_lock)
        {
            if (queued.IsQueued || queued.HasEnded)
                return;

            if (delay <= TimeSpan.Zero)
                AddDue_NeedsLock(queued);
            else
                _delayed.Enqueue(queued, Math.Min(dueAt, queued.ExpiresAt));
            queued.IsQueued = true;
        }
    }

    /// <summary>
    /// Forgets an event that has ended. If it is not leased, it is skipped from now on and removed later.
    /// </summary>
    public void Complete(QueuedEvent queued)
    {
        lock (_lock)
        {
            Count_NeedsLock(-1, -queued.Weight);
            if (queued.IsQueued && ++_ended >= MaxEnded)
                RemoveEnded_NeedsLock();
        }
    }

    /// <summary>Takes the events that have expired.</summary>
    public void TakeExpired(ICollection<QueuedEvent> into)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            MoveDue_NeedsLock(now);
            while (_due.TryTakeExpired(now, out var queued))
                Take_NeedsLock(queued, into);
            while (_refused.TryPeek(out _, out var expiry) && expiry <= now)
                Take_NeedsLock(_refused.Dequeue(), into);
            TakeExpired_NeedsLock(_fresh, now, into);
            TakeExpired_NeedsLock(_backlog, now, into);
        }
    }

    /// <summary>Takes every event that is not leased.</summary>
    public void TakeAll(ICollection<QueuedEvent> into)
    {
        lock (_lock)
        {
            MoveDue_NeedsLock(long.MaxValue);
            while (TryTake_NeedsLock(out var queued))
                into.Add(queued);
        }
    }

    /// <summary>Makes all events due now.</summary>
    public void MakeDue()
    {
        lock (_lock)
        {
            MoveDue_NeedsLock(long.MaxValue);
        }
    }

    /// <summary>Returns how long until an event is due or expires, or null if the queue is empty.</summary>
    public TimeSpan? NextChange()
    {
        lock (_lock)
        {
            var next = _due.NextExpiry();
            if (_delayed.TryPeek(out _, out var dueAt))
                next = Math.Min(next, dueAt);
            if (_refused.TryPeek(out _, out var expiry))
                next = Math.Min(next, expiry);
            if (_fresh.TryPeek(out var oldest))
                next = Math.Min(next, oldest.ExpiresAt);
            if (_backlog.TryPeek(out oldest))
                next = Math.Min(next, oldest.ExpiresAt);
            return next == long.MaxValue ? null : clock.GetElapsedTime(clock.GetTimestamp(), next);
        }
    }

    private static long Ticks(TimeProvider clock, TimeSpan span) =>
        (long)(span.TotalSeconds * clock.TimestampFrequency);

    private void AddUntried_NeedsLock(Queue<QueuedEvent> queue, QueuedEvent queued)
    {
        queue.Enqueue(queued);
        queued.IsQueued = true;
        _untriedAdded++;
        Count_NeedsLock(1, queued.Weight);
    }

    private void AddDue_NeedsLock(QueuedEvent queued)
    {
        if (queued.Refusals == 0)
        {
            _due.Add(queued);
            return;
        }

        queued.Turn = _untriedAdded;
        _refused.Enqueue(queued, queued.ExpiresAt);
    }

    private void Count_NeedsLock(int events, long bytes)
    {
        Volatile.Write(ref _count, _count + events);
        Volatile.Write(ref _sizeBytes, _sizeBytes + bytes);
    }

    private void MoveDue_NeedsLock(long now)
    {
        while (_delayed.TryPeek(out var queued, out var dueAt) && dueAt <= now)
        {
            AddDue_NeedsLock(queued);
            _delayed.Dequeue();
        }
    }

    private bool TryTake_NeedsLock([MaybeNullWhen(false)] out QueuedEvent queued)
    {
        while (_due.TryTake(out queued) || TryTakeRefused_NeedsLock(out queued))
        {
            if (IsTaken_NeedsLock(queued))
                return true;
        }

        if (TryTakeUntried_NeedsLock(out queued))
            return true;

        while (_refused.TryDequeue(out queued, out _))
        {
            if (IsTaken_NeedsLock(queued))
                return true;
        }

        return false;
    }

    private bool TryTakeRefused_NeedsLock([MaybeNullWhen(false)] out QueuedEvent queued) =>
        _refused.TryPeek(out queued, out _) && queued.Turn <= UntriedTaken && _refused.TryDequeue(out queued, out _);

    // Alternating, so that neither restored nor new events hold up the others.
    private bool TryTakeUntried_NeedsLock([MaybeNullWhen(false)] out QueuedEvent queued)
    {
        _isBacklogNext = !_isBacklogNext;
        var (first, second) = _isBacklogNext ? (_backlog, _fresh) : (_fresh, _backlog);
        while (first.TryDequeue(out queued) || second.TryDequeue(out queued))
        {
            if (IsTaken_NeedsLock(queued))
                return true;
        }

        return false;
    }

    private void TakeExpired_NeedsLock(Queue<QueuedEvent> queue, long now, ICollection<QueuedEvent> into)
    {
        while (queue.TryPeek(out var queued) && queued.ExpiresAt <= now)
            Take_NeedsLock(queue.Dequeue(), into);
    }

    private void Take_NeedsLock(QueuedEvent queued, ICollection<QueuedEvent> into)
    {
        if (IsTaken_NeedsLock(queued))
            into.Add(queued);
    }

    /// <summary>Marks an event as taken out of the queue.</summary>
    /// <returns>False if it has ended and must be skipped.</returns>
    private bool IsTaken_NeedsLock(QueuedEvent queued)
    {
        queued.IsQueued = false;
        if (!queued.HasEnded)
            return true;

        _ended = Math.Max(0, _ended - 1);
        return false;
    }

    // Otherwise they would stay in memory until they are due, which may take long while the endpoint fails.
    private void RemoveEnded_NeedsLock()
    {
        _ended = 0;
        var delayed = _delayed.UnorderedItems.Where(item => !item.Element.HasEnded).ToArray();
        _delayed.Clear();
        _delayed.EnqueueRange(delayed);
        var refused = _refused.UnorderedItems.Where(item => !item.Element.HasEnded).ToArray();
        _refused.Clear();
        _refused.EnqueueRange(refused);
        _due.RemoveEnded();
        RemoveEnded(_fresh);
        RemoveEnded(_backlog);
    }

    private static void RemoveEnded(Queue<QueuedEvent> queue)
    {
        for (var left = queue.Count; left > 0; left--)
        {
            if (queue.Dequeue() is { HasEnded: false } queued)
                queue.Enqueue(queued);
        }
    }
}
