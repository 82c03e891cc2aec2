using Metrix.Client.Apps;
using Metrix.Client.Outbox;

namespace Metrix.Client.Tests.Support;

/// <summary>
/// Misbehaves in the first call of one of its methods. By default, it throws, as any code does when memory runs out.
/// </summary>
internal sealed class FaultyOutbox(IOutbox inner, string faultyMethod, Action? fault = null) : IOutbox
{
    private int _hasFailed;

    public bool HasFailed => Volatile.Read(ref _hasFailed) == 1;

    public bool IsDurable => inner.IsDurable;

    public double Fullness => inner.Fullness;

    public string? StorageError => inner.StorageError;

    public void Start(Action<MetrixApp> wake) => inner.Start(wake);

    public bool TryAppend(QueuedEvent queued) => inner.TryAppend(queued);

    public void Commit()
    {
        FailIf(nameof(Commit));
        inner.Commit();
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into)
    {
        FailIf(nameof(Lease));
        inner.Lease(app, max, into);
    }

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into)
    {
        FailIf(nameof(LeaseProbe));
        inner.LeaseProbe(app, into);
    }

    public void Complete(QueuedEvent queued, DeadLetter? letter) => inner.Complete(queued, letter);

    public void AddDeadLetter(DeadLetter letter) => inner.AddDeadLetter(letter);

    public void Release(QueuedEvent queued, TimeSpan delay)
    {
        FailIf(nameof(Release));
        inner.Release(queued, delay);
    }

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into)
    {
        FailIf(nameof(TakeExpired));
        inner.TakeExpired(app, into);
    }

    public void MakeDue(MetrixApp app) => inner.MakeDue(app);

    public long Count(MetrixApp app)
    {
        FailIf(nameof(Count));
        return inner.Count(app);
    }

    public TimeSpan? NextChange(MetrixApp app)
    {
        FailIf(nameof(NextChange));
        return inner.NextChange(app);
    }

    public OutboxRemainder Close(TimeSpan limit) => inner.Close(limit);

    private void FailIf(string method)
    {
        if (method == faultyMethod && Interlocked.Exchange(ref _hasFailed, 1) == 0)
            (fault ?? (() => throw new OutOfMemoryException(method)))();
    }
}
