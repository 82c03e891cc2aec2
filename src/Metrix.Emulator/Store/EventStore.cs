namespace Metrix.Emulator.Store;

/// <summary>What arrived, and who waits for more of it. Thread-safe.</summary>
internal sealed class EventStore(int capacity)
{
    private readonly object _lock = new();
    private readonly BoundedLog<EmulatorEvent> _accepted = new(capacity);
    private readonly BoundedLog<EmulatorRejection> _rejected = new(capacity);
    private readonly RequestCounts _tally = new();
    private TaskCompletionSource? _change;
    private long _lastId;
    private int _clearings;
    private bool _isClosed;

    public LogSnapshot<EmulatorEvent> Accepted
    {
        get { lock (_lock) return _accepted.Snapshot(); }
    }

    public LogSnapshot<EmulatorRejection> Rejected
    {
        get { lock (_lock) return _rejected.Snapshot(); }
    }

    public RequestCountsSnapshot Tally
    {
        get { lock (_lock) return _tally.Snapshot(); }
    }

    public void Accept(EmulatorEvent accepted) => Change(() =>
    {
        Number(new StoredRequest(accepted, null));
        _accepted.Add(accepted);
    });

    public void Reject(EmulatorRejection rejected) => Change(() =>
    {
        Number(new StoredRequest(null, rejected));
        _rejected.Add(rejected);
    });

    public void Clear() => Change(() =>
    {
        _accepted.Clear();
        _rejected.Clear();
        _tally.Clear();
        _clearings++;
    });

    /// <summary>Ends all waiting: nothing more will arrive.</summary>
    public void Close() => Change(() => _isClosed = true);

    /// <summary>Wakes those who watch, for a change beside the store.</summary>
    public void Pulse() => Change(() => { });

    public StoreView Look()
    {
        lock (_lock)
        {
            // In one lock: what arrives after these snapshots completes this very change.
            _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_accepted.Snapshot(), _rejected.Snapshot(), _clearings, _isClosed, _change.Task);
        }
    }

    /// <summary>Returns once the condition holds: asked now and after changes, outside the lock.</summary>
    /// <exception cref="ObjectDisposedException">The store was closed first.</exception>
    public async Task WaitAsync(
        Func<LogSnapshot<EmulatorEvent>, LogSnapshot<EmulatorRejection>, bool> until, CancellationToken cancellationToken)
    {
        while (true)
        {
            var view = Look();
            if (until(view.Accepted, view.Rejected)) return;
            ObjectDisposedException.ThrowIf(view.IsClosed, typeof(MetrixEmulator));
            await view.Change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // In the order of the logs, so that they can be searched by number; a number is never used twice.
    private void Number(StoredRequest arrival)
    {
        arrival.Request.Id = ++_lastId;
        _tally.Add(arrival.Outcome, arrival.Request.ReceivedAt);
    }

    private void Change(Action change)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            change();
            (waiting, _change) = (_change, null);
        }

        waiting?.SetResult();
    }
}
