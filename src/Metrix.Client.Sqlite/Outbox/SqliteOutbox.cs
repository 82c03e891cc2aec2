using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// The outbox in a SQLite file. This is its side in memory, which is all that others ever touch: what was appended and is not
/// written yet, a window of what is to be sent next, and what is to be deleted. <see cref="OutboxWriter"/> is its side on the
/// disk, with a thread of its own.
/// </summary>
/// <remarks>
/// What the writer calls stands in a file of its own. An event is leased only when it is on the disk, or while the disk is not well. One lock, never held across I/O.
/// </remarks>
internal sealed partial class SqliteOutbox : IOutbox
{
    // What waits beyond this, of each app, rests in the file and is not in memory.
    private const int WindowLimit = 10_000;
    private const long WindowBytes = 32L << 20;

    // While the disk is not well the file's limit means nothing: this many bytes may be in memory.
    private const long MemoryLimit = 64L << 20;

    private static readonly TimeSpan MinCloseLimit = TimeSpan.FromSeconds(5);

    private readonly MetrixOptions _options;
    private readonly EventTracker _tracker;
    private readonly Reporter _reporter;
    private readonly MemoryOutbox _window;
    private readonly Dictionary<MetrixApp, AppCounters> _counters;
    private readonly OutboxWriter _writer;
    private readonly int _outstandingLimit;
    private readonly int _lowWater;
    private readonly int _markBatch;

    // Guards the fields below, and the accounts.
    private readonly object _lock = new();
    private readonly PendingWrites _pending = new();
    private readonly HashSet<long> _ownersOfFile = [];
    private long _owner;
    private long _usedBytes;
    private string? _storageError;

    private SqliteOutbox(OutboxContext context)
    {
        _options = context.Options;
        _tracker = context.Custody;
        _reporter = context.Reporter;
        _window = new MemoryOutbox(context.Options, context.Apps, sizeLimit: long.MaxValue);
        _counters = context.Apps.ToDictionary(app => app, _ => new AppCounters());
        _outstandingLimit = _options.MaxInFlight + _options.BatchSizeLimit;
        _lowWater = 2 * Math.Max(_options.MaxInFlight, _options.BatchSizeLimit);
        _markBatch = Math.Max(1, _options.BatchSizeLimit / 4);
        _writer = new OutboxWriter(this, context);
    }

    /// <exception cref="ArgumentException">The file is somebody else's, or of a newer version.</exception>
    public static SqliteOutbox Open(OutboxContext context)
    {
        var outbox = new SqliteOutbox(context);
        outbox._writer.OpenFirst();
        return outbox;
    }

    public bool IsDurable => true;

    public double Fullness => Math.Min(1, (double)Volatile.Read(ref _usedBytes) / _options.OutboxSizeLimit);

    public string? StorageError => Volatile.Read(ref _storageError);

    public void Start(Action<MetrixApp> wake) => _writer.Start(wake);

    public bool TryAppend(QueuedEvent entry)
    {
        entry.AcceptedAt = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            var isFull = _storageError is null
                ? _usedBytes + _pending.AppendedBytes + entry.Body.Length > _options.OutboxSizeLimit
                : _window.Size + _pending.AppendedBytes + entry.Body.Length > MemoryLimit;
            if (!isFull)
            {
                _pending.Append(entry);
                return true;
            }
        }

        // Others may have made room in the file meanwhile.
        _writer.WakeWithin(_options.Period);
        return false;
    }

    public void Commit()
    {
        lock (_lock)
        {
            if (!_pending.Commit())
                return;
        }

        _writer.Wake();
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into) => Lease(app, max, into, _window.Lease);

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into) =>
        Lease(app, 1, into, (of, _, leased) => _window.LeaseProbe(of, leased));

    public void Complete(QueuedEvent entry, DeadLetter? letter)
    {
        bool isBatch;
        lock (_lock)
        {
            var wasLeased = entry.IsLeased;
            entry.IsLeased = false;
            var isInWindow = _pending.RemoveUnsaved(entry) || entry.Row != 0;
            if (entry.Row != 0 && _ownersOfFile.Contains(entry.Owner))
                _pending.AddFinished(new FinishedRow(entry.Row, entry.App, wasLeased));
            else if (wasLeased)
                _counters[entry.App].Outstanding--;
            if (isInWindow)
                _window.Complete(entry);
            if (letter is not null)
                _pending.AddDeadLetter(letter, _storageError is not null);
            isBatch = _pending.UnforcedCount >= _markBatch;
        }

        if (isBatch)
            _writer.Wake();
        else
            _writer.WakeWithin(_options.Period);
    }

    public void AddDeadLetter(DeadLetter letter)
    {
        lock (_lock)
        {
            _pending.AddDeadLetter(letter, _storageError is not null);
        }

        _writer.WakeWithin(_options.Period);
    }

    public void Release(QueuedEvent entry, TimeSpan delay)
    {
        lock (_lock)
        {
            if (!entry.IsLeased)
                return;

            entry.IsLeased = false;
            _counters[entry.App].Outstanding--;
            if (entry.Row != 0 && !_ownersOfFile.Contains(entry.Owner))
                Unsave(entry);
            if (entry.Row == 0 || entry.Owner == _owner)
            {
                _window.Release(entry, delay);
                return;
            }

            _window.Complete(entry);
        }

        // Another took it over meanwhile.
        _tracker.TransferOwnership(entry);
    }

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into) => _window.TakeExpired(app, into);

    public void MakeDue(MetrixApp app) => _window.MakeDue(app);

    public long Count(MetrixApp app) => app.Ledger.Read().Pending;

    public TimeSpan? NextChange(MetrixApp app) => _window.NextChange(app);

    public async ValueTask<IReadOnlyCollection<QueuedEvent>> CloseAsync(TimeSpan limit)
    {
        // The disk is given its time whatever the limit: what it takes is not lost.
        var longest = limit > MinCloseLimit ? limit : MinCloseLimit;
        await Task.WhenAny(_writer.CloseAsync(), Task.Delay(longest, _options.TimeProvider)).ConfigureAwait(false);

        var left = new List<QueuedEvent>();
        lock (_lock)
        {
            foreach (var app in Apps)
                _window.TakeAll(app, left);
            left.AddRange(_pending.Appended);
        }

        foreach (var entry in left.Where(entry => entry.Row != 0))
            _tracker.TransferOwnership(entry);
        ReleaseResting(EventState.Kept, reason: null);
        var kept = Apps.Sum(app => app.Ledger.Read().Kept);
        if (kept > 0)
            _reporter.Report("kept", () => $"{kept} events still wait in {_options.OutboxPath}, and are delivered from there by the next start");
        return [.. left.Where(entry => entry.Row == 0)];
    }

    private void Lease(
        MetrixApp app, int max, ICollection<QueuedEvent> into, Action<MetrixApp, int, ICollection<QueuedEvent>> lease)
    {
        if (!_writer.MayLease)
        {
            _writer.Wake();
            return;
        }

        bool isShort;
        lock (_lock)
        {
            var account = _counters[app];
            var room = _storageError is null ? Math.Max(0, _outstandingLimit - account.Outstanding) : max;
            List<QueuedEvent> leased = [];
            if (room > 0)
                lease(app, Math.Min(max, room), leased);
            foreach (var entry in leased)
            {
                entry.IsLeased = true;
                into.Add(entry);
            }

            account.Outstanding += leased.Count;
            isShort = (room < max && leased.Count == room) || (account.Resting > 0 && _window.Count(app) < _lowWater);
        }

        if (isShort)
            _writer.Wake();
    }
}
