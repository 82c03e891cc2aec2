using Metrix.Client.Delivery;

namespace Metrix.Client.Outbox;

/// <summary>
/// The outbox in memory, bounded in bytes; what bounds it in events is the limit at the door. It is lost with the process.
/// </summary>
/// <remarks>
/// No operation is slower than the logarithm of what waits. The clock is monotonic: setting the wall clock changes nothing.
/// </remarks>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly TimeProvider _clock;
    private readonly long _sizeLimit;
    private readonly long _lifetime;
    private readonly Dictionary<MetrixApp, Shelf> _shelves;
    private long _size;

    public MemoryOutbox(MetrixOptions options, IEnumerable<MetrixApp> apps)
    {
        _clock = options.TimeProvider;
        _sizeLimit = options.OutboxSizeLimit;
        _lifetime = Ticks(options.RetryTimeLimit);
        _shelves = apps.ToDictionary(app => app, _ => new Shelf());
    }

    public bool TryAppend(OutboxEntry entry)
    {
        if (Interlocked.Add(ref _size, entry.Body.Length) > _sizeLimit)
        {
            Interlocked.Add(ref _size, -entry.Body.Length);
            return false;
        }

        entry.ExpiresAt = _clock.GetTimestamp() + _lifetime;
        var shelf = _shelves[entry.App];
        lock (shelf)
        {
            shelf.Fresh.Enqueue(entry);
            shelf.Count++;
        }

        return true;
    }

    public void Lease(MetrixApp app, int max, ICollection<OutboxEntry> into)
    {
        var shelf = _shelves[app];
        var now = _clock.GetTimestamp();
        lock (shelf)
        {
            shelf.MoveDue(now);
            while (max-- > 0 && shelf.TryTake(out var entry))
                into.Add(entry);
        }
    }

    public void LeaseProbe(MetrixApp app, ICollection<OutboxEntry> into)
    {
        var shelf = _shelves[app];
        var now = _clock.GetTimestamp();
        lock (shelf)
        {
            shelf.MoveDue(now);
            if (shelf.Fresh.TryDequeue(out var entry) || shelf.Due.TryTake(out entry))
                into.Add(entry);
        }
    }

    public void Complete(OutboxEntry entry)
    {
        Interlocked.Add(ref _size, -entry.Body.Length);
        var shelf = _shelves[entry.App];
        lock (shelf)
        {
            shelf.Count--;
        }
    }

    public void Release(OutboxEntry entry, TimeSpan delay)
    {
        var shelf = _shelves[entry.App];
        var due = _clock.GetTimestamp() + Ticks(delay);
        lock (shelf)
        {
            if (delay <= TimeSpan.Zero)
                shelf.Due.Add(entry);
            else
                shelf.Delayed.Enqueue(entry, Math.Min(due, entry.ExpiresAt));
        }
    }

    public void TakeExpired(MetrixApp app, ICollection<OutboxEntry> into)
    {
        var shelf = _shelves[app];
        var now = _clock.GetTimestamp();
        lock (shelf)
        {
            shelf.MoveDue(now);
            shelf.Due.TakeExpired(now, into);
            while (shelf.Fresh.TryPeek(out var entry) && entry.ExpiresAt <= now)
                into.Add(shelf.Fresh.Dequeue());
        }
    }

    public void Expedite(MetrixApp app)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            shelf.MoveDue(long.MaxValue);
        }
    }

    public void TakeAll(MetrixApp app, ICollection<OutboxEntry> into)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            shelf.MoveDue(long.MaxValue);
            while (shelf.TryTake(out var entry))
                into.Add(entry);
        }
    }

    public int Count(MetrixApp app)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            return shelf.Count;
        }
    }

    public TimeSpan? NextChange(MetrixApp app)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            var next = long.MaxValue;
            if (shelf.Delayed.TryPeek(out _, out var due))
                next = due;
            next = Math.Min(next, shelf.Due.NextExpiry());
            if (shelf.Fresh.TryPeek(out var oldest))
                next = Math.Min(next, oldest.ExpiresAt);

            return next == long.MaxValue ? null : _clock.GetElapsedTime(_clock.GetTimestamp(), next);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);

    /// <summary>The events of one app; it is its own lock.</summary>
    private sealed class Shelf
    {
        /// <summary>Never tried, in the order of acceptance, and so of expiry.</summary>
        public Queue<OutboxEntry> Fresh { get; } = new();

        /// <summary>Tried, and waiting for their time; by that time, or by their expiry if it comes first.</summary>
        public PriorityQueue<OutboxEntry, long> Delayed { get; } = new();

        /// <summary>Tried, and to be tried again now.</summary>
        public DueEntries Due { get; } = new();

        /// <summary>How many are here or leased.</summary>
        public int Count { get; set; }

        public void MoveDue(long now)
        {
            while (Delayed.TryPeek(out var entry, out var due) && due <= now)
            {
                Delayed.Dequeue();
                Due.Add(entry);
            }
        }

        public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out OutboxEntry entry) =>
            Due.TryTake(out entry) || Fresh.TryDequeue(out entry);
    }
}
