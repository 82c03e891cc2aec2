using Metrix.Client.Apps;

namespace Metrix.Client.Outbox;

/// <summary>
/// Holds events in memory, with a limit in bytes for each app. The number of events is limited when they are admitted.
/// The events are lost with the process.
/// </summary>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly long _sizeLimitBytes;
    private readonly Dictionary<MetrixApp, AppQueue> _queues;

    public MemoryOutbox(MetrixOptions options, IEnumerable<MetrixApp> apps)
    {
        _sizeLimitBytes = options.OutboxSizeLimit;
        _queues = apps.ToDictionary(
            app => app, _ => new AppQueue(options.TimeProvider, options.RetryTimeLimit));
    }

    public bool IsDurable => false;

    public double Fullness => Math.Min(1, (double)_queues.Values.Max(queue => queue.SizeBytes) / _sizeLimitBytes);

    public string? StorageError => null;

    public void Start(Action<MetrixApp> wake)
    {
        // Callers of TryAppend wake delivery themselves.
    }

    public bool TryAppend(QueuedEvent queued) => _queues[queued.App].TryAppend(queued, _sizeLimitBytes);

    public void Commit()
    {
        // Appended events can be leased at once.
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into) => _queues[app].Lease(max, into);

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into) => _queues[app].LeaseProbe(into);

    public void Complete(QueuedEvent queued, DeadLetter? letter = null) => _queues[queued.App].Complete(queued);

    public void AddDeadLetter(DeadLetter letter)
    {
        // It would be lost with the process. The host is notified of the failure, and it is counted.
    }

    public void Release(QueuedEvent queued, TimeSpan delay) => _queues[queued.App].Release(queued, delay);

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into) => _queues[app].TakeExpired(into);

    public void MakeDue(MetrixApp app) => _queues[app].MakeDue();

    public long Count(MetrixApp app) => _queues[app].Count;

    public TimeSpan? NextChange(MetrixApp app) => _queues[app].NextChange();

    public OutboxRemainder Close(TimeSpan limit)
    {
        var lost = new List<QueuedEvent>();
        foreach (var queue in _queues.Values)
            queue.TakeAll(lost);
        return new OutboxRemainder(lost, []);
    }
}
