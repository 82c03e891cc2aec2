using Metrix.Client.Delivery;
using Metrix.Client.Diagnostics;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// The outbox in a SQLite file. This is its side in memory, which is all that others ever touch: what was appended and is not
/// written yet, a window of what is to be sent next, and what is to be deleted. <see cref="OutboxWriter"/> is its side on the
/// disk, with a thread of its own.
/// </summary>
/// <remarks>
/// An event is leased only when it is on the disk, or while the disk is not well. One lock, never held across I/O.
/// </remarks>
internal sealed class SqliteOutbox : IOutbox
{
    // What waits beyond this, of each app, rests in the file and is not in memory.
    private const int WindowLimit = 10_000;
    private const long WindowBytes = 32L << 20;

    // While the disk is not well the file's limit means nothing: this many bytes may be in memory.
    private const long MemoryLimit = 64L << 20;

    // Of an unwell disk the newest dead letters are kept in memory, to be written later.
    private const int MostLettersInMemory = 1_000;

    private static readonly TimeSpan LeastCloseLimit = TimeSpan.FromSeconds(5);

    private readonly MetrixOptions _options;
    private readonly Custody _custody;
    private readonly Reporter _reporter;
    private readonly MemoryOutbox _window;
    private readonly Dictionary<MetrixApp, AppAccount> _accounts;
    private readonly OutboxWriter _writer;
    private readonly int _outstandingLimit;
    private readonly int _lowWater;
    private readonly int _markBatch;

    // Guards the fields below, and the accounts.
    private readonly object _lock = new();
    private readonly HashSet<OutboxEntry> _unsaved = [];
    private readonly HashSet<long> _ownersOfFile = [];
    private List<OutboxEntry> _appended = [];
    private List<Mark> _marks = [];
    private List<DeadLetter> _letters = [];
    private long _appendedBytes;
    private bool _isCommitted;
    private long _owner;
    private long _usedBytes;
    private string? _trouble;

    private SqliteOutbox(OutboxContext context)
    {
        _options = context.Options;
        _custody = context.Custody;
        _reporter = context.Reporter;
        _window = new MemoryOutbox(context.Options, context.Apps, sizeLimit: long.MaxValue);
        _accounts = context.Apps.ToDictionary(app => app, _ => new AppAccount());
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

    public string? Trouble => Volatile.Read(ref _trouble);

    public IEnumerable<MetrixApp> Apps => _accounts.Keys;

    /// <summary>Whether somebody waits on his own thread for what is to be written.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock)
            {
                return _isCommitted && _appended.Exists(entry => entry.Source is Receipt);
            }
        }
    }

    public void Start(Action<MetrixApp> wake) => _writer.Start(wake);

    public bool TryAppend(OutboxEntry entry)
    {
        entry.AcceptedAt = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            var isFull = _trouble is null
                ? _usedBytes + _appendedBytes + entry.Body.Length > _options.OutboxSizeLimit
                : _window.Size + _appendedBytes + entry.Body.Length > MemoryLimit;
            if (!isFull)
            {
                _appended.Add(entry);
                _appendedBytes += entry.Body.Length;
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
            if (_appended.Count == 0)
                return;

            _isCommitted = true;
        }

        _writer.Wake();
    }

    public void Lease(MetrixApp app, int max, ICollection<OutboxEntry> into) => Lease(app, max, into, _window.Lease);

    public void LeaseProbe(MetrixApp app, ICollection<OutboxEntry> into) =>
        Lease(app, 1, into, (of, _, leased) => _window.LeaseProbe(of, leased));

    public void Complete(OutboxEntry entry, DeadLetter? letter)
    {
        bool isBatch;
        lock (_lock)
        {
            var wasLeased = entry.IsLeased;
            entry.IsLeased = false;
            var isInWindow = _unsaved.Remove(entry) || entry.Row != 0;
            if (entry.Row != 0 && _ownersOfFile.Contains(entry.Owner))
                _marks.Add(new Mark(entry.Row, entry.App, wasLeased));
            else if (wasLeased)
                _accounts[entry.App].Outstanding--;
            if (isInWindow)
                _window.Complete(entry);
            if (letter is not null)
                AddLetters([letter]);
            isBatch = _marks.Count + _letters.Count >= _markBatch;
        }

        if (isBatch)
            _writer.Wake();
        else
            _writer.WakeWithin(_options.Period);
    }

    public void Bury(DeadLetter letter)
    {
        lock (_lock)
        {
            AddLetters([letter]);
        }

        _writer.WakeWithin(_options.Period);
    }

    public void Release(OutboxEntry entry, TimeSpan delay)
    {
        lock (_lock)
        {
            if (!entry.IsLeased)
                return;

            entry.IsLeased = false;
            _accounts[entry.App].Outstanding--;
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
        _custody.Hand(entry);
    }

    public void TakeExpired(MetrixApp app, ICollection<OutboxEntry> into) => _window.TakeExpired(app, into);

    public void Expedite(MetrixApp app) => _window.Expedite(app);

    public long Count(MetrixApp app) => app.Ledger.Read().Pending;

    public TimeSpan? NextChange(MetrixApp app) => _window.NextChange(app);

    public async ValueTask<IReadOnlyCollection<OutboxEntry>> CloseAsync(TimeSpan limit)
    {
        // The disk is given its time whatever the limit: what it takes is not lost.
        var longest = limit > LeastCloseLimit ? limit : LeastCloseLimit;
        await Task.WhenAny(_writer.CloseAsync(), Task.Delay(longest, _options.TimeProvider)).ConfigureAwait(false);

        var left = new List<OutboxEntry>();
        lock (_lock)
        {
            foreach (var app in Apps)
                _window.TakeAll(app, left);
            left.AddRange(_appended);
        }

        foreach (var entry in left.Where(entry => entry.Row != 0))
            _custody.Hand(entry);
        ForgetResting(EventState.Kept, reason: null);
        var kept = Apps.Sum(app => app.Ledger.Read().Kept);
        if (kept > 0)
            _reporter.Say("kept", () => $"{kept} events still wait in {_options.OutboxPath}, and are delivered from there by the next start");
        return [.. left.Where(entry => entry.Row == 0)];
    }

    /// <summary>Takes what is to be written now.</summary>
    public Work TakeWork(bool isClosing)
    {
        lock (_lock)
        {
            IReadOnlyList<OutboxEntry> appended = [];
            if (_isCommitted || isClosing)
            {
                appended = _appended;
                _appended = [];
                _isCommitted = false;
            }

            var work = new Work(appended, [.. _unsaved], _marks, _letters);
            (_marks, _letters) = ([], []);
            return work;
        }
    }

    /// <summary>Which of the appended events go into memory, and which rest in the file until there is room.</summary>
    public IReadOnlyList<bool> PlanRest(IReadOnlyList<OutboxEntry> appended)
    {
        var rests = new bool[appended.Count];
        var bytes = _window.Size;
        var counts = Apps.ToDictionary(app => app, _window.Count);
        for (var i = 0; i < rests.Length; i++)
        {
            var entry = appended[i];
            rests[i] = bytes + entry.Body.Length > WindowBytes || counts[entry.App] >= WindowLimit;
            if (!rests[i])
            {
                bytes += entry.Body.Length;
                counts[entry.App]++;
            }
        }

        return rests;
    }

    /// <summary>How many events that rest there is room for in the window now.</summary>
    public int RoomToLoad(MetrixApp app)
    {
        lock (_lock)
        {
            return _accounts[app].Resting == 0 || _window.Size > WindowBytes ? 0 : (int)Math.Max(0, _lowWater - _window.Count(app));
        }
    }

    /// <summary>What was written is on the disk.</summary>
    public void Publish(Work work, IReadOnlyList<Saved> saved, long usedBytes)
    {
        lock (_lock)
        {
            foreach (var mark in work.Marks)
            {
                if (mark.WasLeased)
                    _accounts[mark.App].Outstanding--;
            }

            foreach (var (entry, row, isResting) in saved)
            {
                var wasUnsaved = _unsaved.Remove(entry);
                if (!wasUnsaved)
                    _appendedBytes -= entry.Body.Length;
                if (entry.HasEnded)
                {
                    _marks.Add(new Mark(row, entry.App, WasLeased: false));
                    continue;
                }

                if (isResting)
                {
                    _accounts[entry.App].Rest(row, saved[0].Row, entry.Generation);
                    continue;
                }

                (entry.Row, entry.Owner) = (row, _owner);
                if (!wasUnsaved)
                    _window.TryAppend(entry);
            }

            _usedBytes = usedBytes;
            _trouble = null;
        }

        foreach (var (entry, _, _) in saved)
            _custody.Rest(entry);
    }

    /// <summary>Nothing was written, and this is how full the file is.</summary>
    public void SetUsed(long usedBytes) => Volatile.Write(ref _usedBytes, usedBytes);

    /// <summary>Takes events that rested into the window.</summary>
    public void Load(MetrixApp app, IReadOnlyList<StoredEvent> events)
    {
        var clock = _options.TimeProvider;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            foreach (var stored in events)
            {
                var entry = new OutboxEntry(app, app.Ledger, stored.Slug, stored.Body, source: null)
                {
                    Row = stored.Row,
                    Owner = _owner,
                    AcceptedAt = stored.AcceptedAt,
                    Generation = _accounts[app].Load(stored.Row),
                };
                entry.TryGiveRoom();

                // However the wall clock was set meanwhile, no event lives longer than the limit from now.
                var age = TimeSpan.FromMilliseconds(Math.Max(0, now - stored.AcceptedAt));
                var left = age < _options.RetryTimeLimit ? _options.RetryTimeLimit - age : TimeSpan.Zero;
                _window.Restore(entry, clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency));
            }
        }
    }

    /// <summary>The disk is not well: what was to be written goes on in memory, and whoever waits for the disk is told.</summary>
    public void GoOnInMemory(Work work, string trouble)
    {
        List<OutboxEntry> refused = [];
        lock (_lock)
        {
            _trouble = trouble;
            _marks.InsertRange(0, work.Marks);
            AddLetters(work.Letters, atStart: true);
            foreach (var entry in work.Appended)
            {
                _appendedBytes -= entry.Body.Length;
                if (entry.Source is Receipt)
                    refused.Add(entry);
                else if (!entry.HasEnded && _window.TryAppend(entry))
                    _unsaved.Add(entry);
            }
        }

        foreach (var entry in refused)
            _custody.TryEnd(entry, this, EventState.Dropped, "outbox", _ => $"the event could not be written to the outbox: {trouble}");
    }

    /// <summary>This client is somebody to the file: what it writes is its own.</summary>
    public void BecomeOwner(long owner)
    {
        lock (_lock)
        {
            _owner = owner;
            _ownersOfFile.Add(owner);
        }
    }

    /// <summary>Rows of an earlier owner are this client's now, and rest.</summary>
    public void Adopt(MetrixApp app, int count)
    {
        lock (_lock)
        {
            _accounts[app].Adopt(count);
        }

        app.Ledger.Recover(count);
    }

    /// <summary>Others took this client for dead, and all its rows over: it lets go of them.</summary>
    public void LoseRows()
    {
        List<OutboxEntry> lost = [];
        lock (_lock)
        {
            List<OutboxEntry> all = [];
            foreach (var app in Apps)
                _window.TakeAll(app, all);
            foreach (var entry in all)
            {
                if (entry.Row == 0)
                {
                    _window.Release(entry, TimeSpan.Zero);
                    continue;
                }

                _window.Complete(entry);
                lost.Add(entry);
            }
        }

        foreach (var entry in lost)
            _custody.Hand(entry);
        ForgetResting(EventState.Kept, reason: null);
    }

    /// <summary>The file is gone or set aside: what is in memory has to be written anew, and what rested is lost to this client.</summary>
    /// <returns>How many rested.</returns>
    public long LoseFile()
    {
        lock (_lock)
        {
            List<OutboxEntry> all = [];
            foreach (var app in Apps)
                _window.TakeAll(app, all);
            foreach (var entry in all)
            {
                Unsave(entry);
                _window.Release(entry, TimeSpan.Zero);
            }

            foreach (var mark in _marks)
            {
                if (mark.WasLeased)
                    _accounts[mark.App].Outstanding--;
            }

            _marks.Clear();
            _ownersOfFile.Clear();
        }

        return ForgetResting(EventState.Abandoned, "outbox");
    }

    private void Lease(
        MetrixApp app, int max, ICollection<OutboxEntry> into, Action<MetrixApp, int, ICollection<OutboxEntry>> lease)
    {
        if (!_writer.MayLease)
        {
            _writer.Wake();
            return;
        }

        bool isShort;
        lock (_lock)
        {
            var account = _accounts[app];
            var room = _trouble is null ? Math.Max(0, _outstandingLimit - account.Outstanding) : max;
            List<OutboxEntry> leased = [];
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

    // Its row was in a file that is not there any more.
    private void Unsave(OutboxEntry entry)
    {
        (entry.Row, entry.Owner) = (0, 0);
        _unsaved.Add(entry);
    }

    private void AddLetters(IReadOnlyList<DeadLetter> letters, bool atStart = false)
    {
        _letters.InsertRange(atStart ? 0 : _letters.Count, letters);
        if (_trouble is not null && _letters.Count > MostLettersInMemory)
            _letters.RemoveRange(0, _letters.Count - MostLettersInMemory);
    }

    private long ForgetResting(EventState state, string? reason)
    {
        var all = 0L;
        foreach (var (app, account) in _accounts)
        {
            long count;
            IReadOnlyList<FlushGeneration> generations;
            lock (_lock)
            {
                (count, generations) = account.Clear();
            }

            if (count > 0)
                app.Ledger.End(state, reason, count);
            foreach (var generation in generations)
                _custody.Flushes.Leave(generation, isAbandoned: true);
            all += count;
        }

        return all;
    }
}
