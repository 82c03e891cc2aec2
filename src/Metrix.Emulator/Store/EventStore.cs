namespace Metrix.Emulator.Store;

/// <summary>What arrived, and who waits for more of it. Thread-safe.</summary>
internal sealed class EventStore(int capacity)
{
    private readonly object _lock = new();
    private readonly BoundedLog<ReceivedEvent> _accepted = new(capacity);
    private readonly BoundedLog<RejectedRequest> _rejected = new(capacity);
    private TaskCompletionSource? _change;
    private bool _isClosed;

    public LogSnapshot<ReceivedEvent> Accepted
    {
        get { lock (_lock) return _accepted.Snapshot(); }
    }

    public LogSnapshot<RejectedRequest> Rejected
    {
        get { lock (_lock) return _rejected.Snapshot(); }
    }

    public void Accept(ReceivedEvent accepted) => Change(() => _accepted.Add(accepted));

    public void Reject(RejectedRequest rejected) => Change(() => _rejected.Add(rejected));

    public void Clear() => Change(() =>
    {
        _accepted.Clear();
        _rejected.Clear();
    });

    /// <summary>Ends all waiting: nothing more will arrive.</summary>
    public void Close() => Change(() => _isClosed = true);

    /// <summary>Returns once the condition holds: asked now and after changes, outside the lock.</summary>
    /// <exception cref="ObjectDisposedException">The store was closed first.</exception>
    public async Task WaitAsync(
        Func<LogSnapshot<ReceivedEvent>, LogSnapshot<RejectedRequest>, bool> until, CancellationToken cancellationToken)
    {
        while (true)
        {
            LogSnapshot<ReceivedEvent> accepted;
            LogSnapshot<RejectedRequest> rejected;
            Task change;
            bool isClosed;
            lock (_lock)
            {
                // In one lock: what arrives after these snapshots completes this very change.
                (accepted, rejected, isClosed) = (_accepted.Snapshot(), _rejected.Snapshot(), _isClosed);
                _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                change = _change.Task;
            }

            if (until(accepted, rejected)) return;
            ObjectDisposedException.ThrowIf(isClosed, typeof(MetrixEmulator));
            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
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
