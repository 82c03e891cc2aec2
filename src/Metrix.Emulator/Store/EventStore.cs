namespace Metrix.Emulator.Store;

/// <summary>Stores events and rejected requests, and notifies those who wait for more. Thread-safe.</summary>
internal sealed class EventStore(int capacity)
{
    private readonly object _lock = new();
    private readonly BoundedLog<EmulatorEvent> _accepted = new(capacity);
    private readonly BoundedLog<EmulatorRejection> _rejected = new(capacity);
    private readonly RequestCounts _counts = new();
    private TaskCompletionSource? _change;
    private long _lastId;
    private int _clearCount;
    private bool _isClosed;

    public LogSnapshot<EmulatorEvent> Accepted
    {
        get { lock (_lock) return _accepted.Snapshot(); }
    }

    public LogSnapshot<EmulatorRejection> Rejected
    {
        get { lock (_lock) return _rejected.Snapshot(); }
    }

    public RequestCountsSnapshot Counts
    {
        get { lock (_lock) return _counts.Snapshot(); }
    }

    public void AddAccepted(EmulatorEvent accepted) => Update(() =>
    {
        Register(new StoredRequest(accepted, null));
        _accepted.Add(accepted);
    });

    public void AddRejected(EmulatorRejection rejected) => Update(() =>
    {
        Register(new StoredRequest(null, rejected));
        _rejected.Add(rejected);
    });

    public void Clear() => Update(() =>
    {
        _accepted.Clear();
        _rejected.Clear();
        _counts.Clear();
        _clearCount++;
    });

    /// <summary>Ends every wait. Call it when no request can arrive any more.</summary>
    public void Close() => Update(() => _isClosed = true);

    /// <summary>Completes <see cref="StoreView.Change"/> for a change outside the store.</summary>
    public void NotifyChange() => Update(() => { });

    public StoreView GetView()
    {
        lock (_lock)
        {
            // Created under the same lock as the snapshots: the next request after them completes this task.
            _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_accepted.Snapshot(), _rejected.Snapshot(), _clearCount, _isClosed, _change.Task);
        }
    }

    /// <summary>
    /// Waits until a condition holds. It is evaluated at once and after each change, outside the lock.
    /// </summary>
    /// <returns>Whether the condition holds; <see langword="false"/> if the store was closed first.</returns>
    public async Task<bool> WaitAsync(
        Func<LogSnapshot<EmulatorEvent>, LogSnapshot<EmulatorRejection>, bool> until,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = GetView();
            if (until(view.Accepted, view.Rejected)) return true;
            if (view.IsClosed) return false;
            await view.Change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Ids ascend in the order of the logs, so that the logs can be searched by id. An id is never used twice.
    private void Register(StoredRequest stored)
    {
        stored.Request.Id = ++_lastId;
        _counts.Add(stored.Outcome, stored.Request.ReceivedAt);
    }

    private void Update(Action update)
    {
        TaskCompletionSource? change;
        lock (_lock)
        {
            update();
            (change, _change) = (_change, null);
        }

        change?.SetResult();
    }
}
