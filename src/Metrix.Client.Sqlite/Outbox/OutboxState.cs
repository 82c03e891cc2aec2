using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Holds everything that the durable outbox has in memory: new events that are not written yet, a window of the events
/// to send next, and rows to delete.
/// </summary>
/// <remarks>
/// <para>Thread-safe. One lock, never held during I/O, and nothing that can call back is called under it: events end,
/// and their waiters continue, after it was released. The locks of the windows are taken inside it, never the other way
/// around.</para>
/// <para>An event is leased only if it is in the file, or while the storage fails.</para>
/// </remarks>
internal sealed class OutboxState
{
    // Events of an app beyond this limit rest in the file and are not in memory.
    private const int WindowLimit = 10_000;
    private const long WindowLimitBytes = 32L << 20;

    // While the storage fails, the size limit of the file does not apply. This many bytes may be in memory.
    private const long MemoryLimitBytes = 64L << 20;

    private readonly MetrixOptions _options;
    private readonly EventTracker _tracker;
    private readonly Dictionary<MetrixApp, AppQueue> _windows;
    private readonly Dictionary<MetrixApp, AppCounters> _counters;
    private readonly int _maxOutstanding;
    private readonly int _minWindow;
    private readonly int _finishedBatchSize;

    // Guards the fields below and the counters.
    private readonly object _lock = new();
    private readonly PendingWrites _pending = new();
    private readonly HashSet<long> _ownersOfFile = [];

    // Released events whose rows other processes have taken over. The writer ends them.
    private readonly List<QueuedEvent> _transferred = [];

    // Events that were being written when the outbox was closed. Their rows stay in the file.
    private readonly HashSet<QueuedEvent> _inDoubt = [];

    // The batch that the writer has taken and that is not yet in the file or in memory.
    private WriteBatch? _writing;
    private bool _isClosed;
    private long _owner;
    private long _usedBytes;
    private string? _storageError;

    public OutboxState(OutboxContext context)
    {
        _options = context.Options;
        _tracker = context.Tracker;
        _windows = context.Apps.ToDictionary(
            app => app, _ => new AppQueue(_options.TimeProvider, _options.RetryTimeLimit));
        _counters = context.Apps.ToDictionary(app => app, _ => new AppCounters());
        _maxOutstanding = _options.MaxInFlight + _options.BatchSizeLimit;
        _minWindow = 2 * Math.Max(_options.MaxInFlight, _options.BatchSizeLimit);
        _finishedBatchSize = Math.Max(1, _options.BatchSizeLimit / 4);
    }

    public IEnumerable<MetrixApp> Apps => _counters.Keys;

    public long UsedBytes => Volatile.Read(ref _usedBytes);

    public string? StorageError => Volatile.Read(ref _storageError);

    /// <summary>Gets whether a thread is blocked until the commit.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock)
            {
                return _pending.IsAwaited;
            }
        }
    }

    /// <summary>Returns the queue of an app's events that are in memory.</summary>
    public AppQueue WindowOf(MetrixApp app) => _windows[app];

    /// <summary>Appends an event unless the outbox is full.</summary>
    public bool TryAppend(QueuedEvent queued)
    {
        lock (_lock)
        {
            var isFull = _storageError is null
                ? _usedBytes + _pending.AppendedBytes + queued.Body.Length > _options.OutboxSizeLimit
                : WindowBytes() + _pending.AppendedBytes + queued.Body.Length > MemoryLimitBytes;
            if (!isFull)
                _pending.Append(queued);
            return !isFull;
        }
    }

    /// <summary>Marks the appended events as a complete batch.</summary>
    /// <returns>False if there are none.</returns>
    public bool Commit()
    {
        lock (_lock)
        {
            return _pending.Commit();
        }
    }

    /// <summary>Leases events from an app's window, up to the number that may be sent and not deleted.</summary>
    /// <param name="app">The app.</param>
    /// <param name="max">The maximum number of events.</param>
    /// <param name="into">Receives the events.</param>
    /// <param name="isProbe">Whether to lease one event as a probe.</param>
    /// <returns>Whether the writer could make more events available.</returns>
    public bool Lease(MetrixApp app, int max, ICollection<QueuedEvent> into, bool isProbe)
    {
        lock (_lock)
        {
            var counters = _counters[app];
            var available = _storageError is null ? Math.Max(0, _maxOutstanding - counters.Outstanding) : max;
            List<QueuedEvent> leased = [];
            if (available > 0 && isProbe)
                _windows[app].LeaseProbe(leased);
            else if (available > 0)
                _windows[app].Lease(Math.Min(max, available), leased);
            foreach (var queued in leased)
            {
                queued.IsLeased = true;
                into.Add(queued);
            }

            counters.Outstanding += leased.Count;
            return (available < max && leased.Count == available) ||
                (counters.Resting > 0 && _windows[app].Count < _minWindow);
        }
    }

    /// <summary>Removes an event that has ended.</summary>
    /// <returns>Whether enough rows have ended to delete them now.</returns>
    public bool Complete(QueuedEvent queued, DeadLetter? letter)
    {
        lock (_lock)
        {
            var wasLeased = queued.IsLeased;
            queued.IsLeased = false;
            var isInWindow = _pending.RemoveUnsaved(queued) || queued.Row != 0;
            if (queued.Row != 0 && _ownersOfFile.Contains(queued.Owner))
                _pending.AddFinished(new FinishedRow(queued.Row, queued.App, wasLeased));
            else if (wasLeased)
                _counters[queued.App].Outstanding--;
            if (isInWindow)
                _windows[queued.App].Complete(queued);
            if (letter is not null)
                _pending.AddDeadLetter(letter, _storageError is not null);
            return _pending.UnforcedCount >= _finishedBatchSize;
        }
    }

    public void AddDeadLetter(DeadLetter letter)
    {
        lock (_lock)
        {
            _pending.AddDeadLetter(letter, _storageError is not null);
        }
    }

    /// <summary>
    /// Returns a leased event, which is due again after a delay. Calls nothing back: callers may hold their own lock.
    /// </summary>
    /// <returns>False if another process has taken over the event meanwhile. <see cref="EndTransferred"/> ends
    /// it.</returns>
    public bool Release(QueuedEvent queued, TimeSpan delay)
    {
        lock (_lock)
        {
            if (!queued.IsLeased)
                return true;

            queued.IsLeased = false;
            _counters[queued.App].Outstanding--;
            if (queued.Row != 0 && !_ownersOfFile.Contains(queued.Owner))
                AddUnsaved_NeedsLock(queued);
            if (queued.Row == 0 || queued.Owner == _owner)
            {
                _windows[queued.App].Release(queued, delay);
                return true;
            }

            _windows[queued.App].Complete(queued);
            _transferred.Add(queued);
            return false;
        }
    }

    /// <summary>Ends the released events that other processes have taken over.</summary>
    public void EndTransferred()
    {
        QueuedEvent[] transferred;
        lock (_lock)
        {
            transferred = [.. _transferred];
            _transferred.Clear();
        }

        foreach (var queued in transferred)
            queued.TransferOwnership();
    }

    /// <summary>
    /// Takes what can be written now. The batch is unfinished until <see cref="OnWritten"/> or
    /// <see cref="FallBackToMemory"/> is called.
    /// </summary>
    public WriteBatch TakeBatch(bool isClosing)
    {
        lock (_lock)
        {
            return _writing = _pending.Take(isAll: isClosing);
        }
    }

    /// <summary>Returns the batch that an unexpected error left unfinished, or null.</summary>
    public WriteBatch? UnfinishedBatch()
    {
        lock (_lock)
        {
            return _writing;
        }
    }

    /// <summary>Decides which new events stay in memory (false) and which rest in the file (true).</summary>
    public IReadOnlyList<bool> PlanResting(IReadOnlyList<QueuedEvent> appended)
    {
        var rests = new bool[appended.Count];
        var bytes = WindowBytes();
        var counts = Apps.ToDictionary(app => app, app => _windows[app].Count);
        for (var i = 0; i < rests.Length; i++)
        {
            var queued = appended[i];
            rests[i] = bytes + queued.Body.Length > WindowLimitBytes || counts[queued.App] >= WindowLimit;
            if (!rests[i])
            {
                bytes += queued.Body.Length;
                counts[queued.App]++;
            }
        }

        return rests;
    }

    /// <summary>Returns how many resting events of an app can be loaded into its window now.</summary>
    public int LoadCapacity(MetrixApp app)
    {
        lock (_lock)
        {
            return _counters[app].Resting == 0 || WindowBytes() > WindowLimitBytes
                ? 0
                : (int)Math.Max(0, _minWindow - _windows[app].Count);
        }
    }

    /// <summary>Records that a batch is in the file.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="stored">The rows of its events.</param>
    /// <param name="usedBytes">The size of the file.</param>
    /// <param name="isProof">Whether something was written, so the storage does not fail.</param>
    public void OnWritten(WriteBatch batch, IReadOnlyList<StoredRow> stored, long usedBytes, bool isProof)
    {
        lock (_lock)
        {
            _writing = null;
            RemoveOutstanding_NeedsLock(batch.Finished);
            foreach (var row in stored)
                OnStored_NeedsLock(row, firstOfBatch: stored[0].Row);
            _usedBytes = usedBytes;
            if (isProof)
                _storageError = null;
        }

        foreach (var row in stored)
            row.Event.MarkDurable();
    }

    /// <summary>Adds events that rested in the file to an app's window.</summary>
    public void AddLoaded(MetrixApp app, IReadOnlyList<StoredEvent> events)
    {
        var clock = _options.TimeProvider;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (_isClosed)
                return;

            foreach (var stored in events)
            {
                var queued = new QueuedEvent(app, app.Ledger, stored.Slug, stored.Body, source: null, _tracker)
                {
                    Row = stored.Row,
                    Owner = _owner,
                    AcceptedAt = stored.AcceptedAt,
                    Generation = _counters[app].RemoveResting(stored.Row),
                };
                queued.TryReleaseSlot();

                // If the wall clock was changed meanwhile, an event still lives no longer than the limit from now.
                var age = TimeSpan.FromMilliseconds(Math.Max(0, now - stored.AcceptedAt));
                var left = age < _options.RetryTimeLimit ? _options.RetryTimeLimit - age : TimeSpan.Zero;
                var expiresAt = clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency);
                _windows[app].Restore(queued, expiresAt);
            }
        }
    }

    /// <summary>Moves a batch that could not be written to memory.</summary>
    /// <returns>The events whose emitters wait for the commit. They must not stay in memory only.</returns>
    public IReadOnlyList<QueuedEvent> FallBackToMemory(WriteBatch batch, string storageError)
    {
        List<QueuedEvent> refused = [];
        lock (_lock)
        {
            _writing = null;
            _storageError = storageError;
            _pending.Restore(batch);
            foreach (var queued in batch.Appended)
            {
                _pending.OnStored(queued);
                if (queued.Source is IEventWaiter)
                    refused.Add(queued);
                else if (!queued.HasEnded && _windows[queued.App].TryAppend(queued))
                    _pending.AddUnsaved(queued);
            }
        }

        return refused;
    }

    /// <summary>Sets the owner under which this client writes from now on.</summary>
    public void SetOwner(long owner)
    {
        lock (_lock)
        {
            _owner = owner;
            _ownersOfFile.Add(owner);
        }
    }

    /// <summary>Counts events that were claimed from an earlier owner. They rest in the file.</summary>
    public void AddClaimed(MetrixApp app, int count)
    {
        lock (_lock)
        {
            // The rows are in the file, and the next owner claims them.
            if (_isClosed)
                return;

            _counters[app].AddClaimed(count);
        }

        app.Ledger.Recover(count);
    }

    /// <summary>Releases this client's rows, because other processes have taken them over.</summary>
    public void OnOwnershipLost()
    {
        List<QueuedEvent> lost = [];
        lock (_lock)
        {
            foreach (var queued in TakeWindows_NeedsLock())
            {
                if (queued.Row == 0)
                {
                    _windows[queued.App].Release(queued, TimeSpan.Zero);
                    continue;
                }

                _windows[queued.App].Complete(queued);
                lost.Add(queued);
            }
        }

        foreach (var queued in lost)
            queued.TransferOwnership();
        ReleaseResting(EventState.Kept, reason: null);
    }

    /// <summary>
    /// Handles a file that was deleted, replaced or set aside: events in memory must be written again, and resting ones
    /// are lost to this client.
    /// </summary>
    /// <returns>The number of lost events.</returns>
    public long OnFileReplaced()
    {
        lock (_lock)
        {
            foreach (var queued in TakeWindows_NeedsLock())
            {
                AddUnsaved_NeedsLock(queued);
                _windows[queued.App].Release(queued, TimeSpan.Zero);
            }

            RemoveOutstanding_NeedsLock(_pending.Finished);
            _pending.ClearFinished();
            _ownersOfFile.Clear();
        }

        return ReleaseResting(EventState.Abandoned, "outbox");
    }

    /// <summary>
    /// Takes every event that is in memory and not leased. What the writer does afterwards affects no event.
    /// </summary>
    /// <returns>The events in memory, and those that are being written at this moment.</returns>
    public (IReadOnlyList<QueuedEvent> InMemory, IReadOnlyList<QueuedEvent> InDoubt) Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            var all = TakeWindows_NeedsLock();
            all.AddRange(_pending.Appended);
            if (_writing is not null)
                _inDoubt.UnionWith(_writing.Appended.Concat(_writing.Unsaved).Where(queued => !queued.HasEnded));
            return ([.. all.Where(queued => !_inDoubt.Contains(queued))], [.. _inDoubt]);
        }
    }

    /// <summary>Ends the resting events for this client.</summary>
    /// <returns>Their number.</returns>
    public long ReleaseResting(EventState state, string? reason)
    {
        var total = 0L;
        foreach (var (app, counters) in _counters)
        {
            long count;
            IReadOnlyList<FlushGeneration> generations;
            lock (_lock)
            {
                (count, generations) = counters.Clear();
            }

            if (count > 0)
                app.Ledger.End(state, reason, count);
            foreach (var generation in generations)
                _tracker.Flushes.Leave(generation, isLost: true);
            total += count;
        }

        return total;
    }

    private long WindowBytes() => _windows.Values.Sum(window => window.SizeBytes);

    private List<QueuedEvent> TakeWindows_NeedsLock()
    {
        List<QueuedEvent> all = [];
        foreach (var window in _windows.Values)
            window.TakeAll(all);
        return all;
    }

    private void RemoveOutstanding_NeedsLock(IReadOnlyList<FinishedRow> finished)
    {
        foreach (var row in finished)
        {
            if (row.WasLeased)
                _counters[row.App].Outstanding--;
        }
    }

    private void OnStored_NeedsLock(StoredRow stored, long firstOfBatch)
    {
        var queued = stored.Event;
        var wasUnsaved = _pending.RemoveUnsaved(queued);
        if (!wasUnsaved)
            _pending.OnStored(queued);

        // The event was accounted for as possibly stored. Now it is, and the next start delivers it.
        if (_inDoubt.Contains(queued))
            return;

        if (queued.HasEnded)
        {
            _pending.AddFinished(new FinishedRow(stored.Row, queued.App, WasLeased: false));
            return;
        }

        if (stored.IsResting)
        {
            _counters[queued.App].AddResting(stored.Row, firstOfBatch, queued.Generation);
            return;
        }

        (queued.Row, queued.Owner) = (stored.Row, _owner);
        if (!wasUnsaved)
            _windows[queued.App].TryAppend(queued);
    }

    // The event's row was in a file that no longer exists.
    private void AddUnsaved_NeedsLock(QueuedEvent queued)
    {
        (queued.Row, queued.Owner) = (0, 0);
        _pending.AddUnsaved(queued);
    }
}
