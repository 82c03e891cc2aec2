using Metrix.Client.Apps;
using Metrix.Client.Outbox;

namespace Metrix.Client.Tests.Support;

/// <summary>Throws once from one of its methods, as any code does when memory runs out.</summary>
internal sealed class FaultyOutbox(IOutbox inner, string faultyMethod) : IOutbox
{
    private int _hasThrown;

    public bool HasThrown => Volatile.Read(ref _hasThrown) == 1;

    public bool IsDurable => inner.IsDurable;

    public double Fullness => inner.Fullness;

    public string? StorageError => inner.StorageError;

    public void Start(Action<MetrixApp> wake) => inner.Start(wake);

    public bool TryAppend(QueuedEvent queued) => inner.TryAppend(queued);

    public void Commit()
    {
        ThrowIf(nameof(Commit));
        inner.Commit();
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into)
    {
        ThrowIf(nameof(Lease));
        inner.Lease(app, max, into);
    }

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into)
    {
        ThrowIf(nameof(LeaseProbe));
        inner.LeaseProbe(app, into);
    }

    public void Complete(QueuedEvent queued, DeadLetter? letter) => inner.Complete(queued, letter);

    public void AddDeadLetter(DeadLetter letter) => inner.AddDeadLetter(letter);

    public void Release(QueuedEvent queued, TimeSpan delay)
    {
        ThrowIf(nameof(Release));
        inner.Release(queued, delay);
    }

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into)
    {
        ThrowIf(nameof(TakeExpired));
        inner.TakeExpired(app, into);
    }

    public void MakeDue(MetrixApp app) => inner.MakeDue(app);

    public long Count(MetrixApp app)
    {
        ThrowIf(nameof(Count));
        return inner.Count(app);
    }

    public TimeSpan? NextChange(MetrixApp app)
    {
        ThrowIf(nameof(NextChange));
        return inner.NextChange(app);
    }

    public OutboxRemainder Close(TimeSpan limit) => inner.Close(limit);

    private void ThrowIf(string method)
    {
        if (method == faultyMethod && Interlocked.Exchange(ref _hasThrown, 1) == 0)
            throw new OutOfMemoryException(method);
    }
}
