using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Outbox;

/// <summary>
/// Holds the events of one app that are in memory, in the order in which they are leased.
/// </summary>
/// <remarks>
/// Thread-safe: one lock, under which nothing is called that can call back. Every operation takes logarithmic time at
/// most. The clock is monotonic, so a changed wall clock has no effect.
/// </remarks>
internal sealed class AppQueue(TimeProvider clock, TimeSpan lifetime)
{
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
    private bool _isBacklogNext;
    private long _count;
    private long _sizeBytes;

    /// <summary>Gets the number of events, including leased ones.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Gets the number of bytes of the events, including leased ones.</summary>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <summary>Adds a new event unless the queue would exceed a size.</summary>
    public bool TryAppend(QueuedEvent queued, long maxSizeBytes = long.MaxValue)
    {
        queued.ExpiresAt = clock.GetTimestamp() + _lifetimeTicks;
        lock (_lock)
        {
            if (queued.Weight > maxSizeBytes - _sizeBytes)
                return false;

            _fresh.Enqueue(queued);
            Count_NeedsLock(1, queued.Weight);
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
            _backlog.Enqueue(queued);
            Count_NeedsLock(1, queued.Weight);
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
            if (TryTakeUntried_NeedsLock(out var queued) || _due.TryTake(out queued))
                into.Add(queued);
        }
    }

    /// <summary>Returns a leased event, which is due again after a delay.</summary>
    public void Release(QueuedEvent queued, TimeSpan delay)
    {
        var dueAt = clock.GetTimestamp() + Ticks(clock, delay);
        lock (_lock)
        {
            if (delay <= TimeSpan.Zero)
                _due.Add(queued);
            else
                _delayed.Enqueue(queued, Math.Min(dueAt, queued.ExpiresAt));
        }
    }

    /// <summary>Forgets a leased event that has ended.</summary>
    public void Complete(QueuedEvent queued)
    {
        lock (_lock)
        {
            Count_NeedsLock(-1, -queued.Weight);
        }
    }

    /// <summary>Takes the events that have expired.</summary>
    public void TakeExpired(ICollection<QueuedEvent> into)
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            MoveDue_NeedsLock(now);
            _due.TakeExpired(now, into);
            TakeExpired(_fresh, now, into);
            TakeExpired(_backlog, now, into);
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
            if (_fresh.TryPeek(out var oldest))
                next = Math.Min(next, oldest.ExpiresAt);
            if (_backlog.TryPeek(out oldest))
                next = Math.Min(next, oldest.ExpiresAt);
            return next == long.MaxValue ? null : clock.GetElapsedTime(clock.GetTimestamp(), next);
        }
    }

    private static void TakeExpired(Queue<QueuedEvent> queue, long now, ICollection<QueuedEvent> into)
    {
        while (queue.TryPeek(out var queued) && queued.ExpiresAt <= now)
            into.Add(queue.Dequeue());
    }

    private static long Ticks(TimeProvider clock, TimeSpan span) =>
        (long)(span.TotalSeconds * clock.TimestampFrequency);

    private void Count_NeedsLock(int events, long bytes)
    {
        Volatile.Write(ref _count, _count + events);
        Volatile.Write(ref _sizeBytes, _sizeBytes + bytes);
    }

    private void MoveDue_NeedsLock(long now)
    {
        while (_delayed.TryPeek(out var queued, out var dueAt) && dueAt <= now)
        {
            _delayed.Dequeue();
            _due.Add(queued);
        }
    }

    private bool TryTake_NeedsLock([MaybeNullWhen(false)] out QueuedEvent queued) =>
        _due.TryTake(out queued) || TryTakeUntried_NeedsLock(out queued);

    // Alternating, so that neither restored nor new events hold up the others.
    private bool TryTakeUntried_NeedsLock([MaybeNullWhen(false)] out QueuedEvent queued)
    {
        _isBacklogNext = !_isBacklogNext;
        return _isBacklogNext
            ? _backlog.TryDequeue(out queued) || _fresh.TryDequeue(out queued)
            : _fresh.TryDequeue(out queued) || _backlog.TryDequeue(out queued);
    }
}
