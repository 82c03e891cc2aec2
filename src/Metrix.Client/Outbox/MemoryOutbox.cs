using Metrix.Client.Apps;

namespace Metrix.Client.Outbox;

/// <summary>
/// The outbox in memory, bounded in bytes for each app; what bounds it in events is the limit at the door. It is lost with the process.
/// </summary>
/// <remarks>
/// No operation is slower than the logarithm of what waits. The clock is monotonic: setting the wall clock changes nothing.
/// </remarks>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly TimeProvider _clock;
    private readonly long _sizeLimit;
    private readonly long _lifetime;
    private readonly Dictionary<MetrixApp, AppQueue> _shelves;

    /// <param name="options">The settings.</param>
    /// <param name="apps">The apps.</param>
    /// <param name="sizeLimit">How many bytes it may hold of each app. Default null: as many as the settings say.</param>
    public MemoryOutbox(MetrixOptions options, IEnumerable<MetrixApp> apps, long? sizeLimit = null)
    {
        _clock = options.TimeProvider;
        _sizeLimit = sizeLimit ?? options.OutboxSizeLimit;
        _lifetime = Ticks(options.RetryTimeLimit);
        _shelves = apps.ToDictionary(app => app, _ => new AppQueue());
    }

    public bool IsDurable => false;

    public double Fullness => Math.Min(1, (double)_shelves.Values.Max(shelf => shelf.Size) / _sizeLimit);

    public string? StorageError => null;

    /// <summary>How many bytes it holds, of all apps.</summary>
    public long Size => _shelves.Values.Sum(shelf => shelf.Size);

    public void Start(Action<MetrixApp> wake)
    {
        // Whoever appends wakes whom he appended for.
    }

    public bool TryAppend(QueuedEvent entry)
    {
        entry.ExpiresAt = _clock.GetTimestamp() + _lifetime;
        var shelf = _shelves[entry.App];
        lock (shelf)
        {
            if (shelf.Size + entry.Weight > _sizeLimit)
                return false;

            shelf.Fresh.Enqueue(entry);
            shelf.Add(entry.Weight);
            return true;
        }
    }

    public void Commit()
    {
        // What was appended may be leased already.
    }

    /// <summary>
    /// Takes an event in that was kept elsewhere, and when it expires. What was taken in so is leased in that order, by turns
    /// with what is new.
    /// </summary>
    public void Restore(QueuedEvent entry, long expiresAt)
    {
        entry.ExpiresAt = expiresAt;
        var shelf = _shelves[entry.App];
        lock (shelf)
        {
            shelf.Backlog.Enqueue(entry);
            shelf.Add(entry.Weight);
        }
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into)
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

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into)
    {
        var shelf = _shelves[app];
        var now = _clock.GetTimestamp();
        lock (shelf)
        {
            shelf.MoveDue(now);
            if (shelf.TryTakeProbe(out var entry))
                into.Add(entry);
        }
    }

    public void Complete(QueuedEvent entry, DeadLetter? letter = null)
    {
        var shelf = _shelves[entry.App];
        lock (shelf)
        {
            shelf.Remove(entry.Weight);
        }
    }

    public void AddDeadLetter(DeadLetter letter)
    {
        // It would be lost with the process: what failed is told to the host, and counted.
    }

    public void Release(QueuedEvent entry, TimeSpan delay)
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

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into)
    {
        var shelf = _shelves[app];
        var now = _clock.GetTimestamp();
        lock (shelf)
        {
            shelf.TakeExpired(now, into);
        }
    }

    public void MakeDue(MetrixApp app)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            shelf.MoveDue(long.MaxValue);
        }
    }

    /// <summary>Takes out every event of an app that is not leased.</summary>
    public void TakeAll(MetrixApp app, ICollection<QueuedEvent> into)
    {
        var shelf = _shelves[app];
        lock (shelf)
        {
            shelf.MoveDue(long.MaxValue);
            while (shelf.TryTake(out var entry))
                into.Add(entry);
        }
    }

    public ValueTask<IReadOnlyCollection<QueuedEvent>> CloseAsync(TimeSpan limit)
    {
        var lost = new List<QueuedEvent>();
        foreach (var app in _shelves.Keys)
            TakeAll(app, lost);
        return new ValueTask<IReadOnlyCollection<QueuedEvent>>(lost);
    }

    public long Count(MetrixApp app)
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
            var next = shelf.NextChange();
            return next == long.MaxValue ? null : _clock.GetElapsedTime(_clock.GetTimestamp(), next);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);
}
