using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// The side of the outbox on the disk: one thread writes what was committed and what has ended, many events a transaction,
/// loads what is to be sent next, and takes over what dead processes left. Whoever waits for a commit waits with all others for
/// the same one.
/// </summary>
internal sealed class OutboxWriter
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(30);

    private readonly SqliteOutbox _outbox;
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly TimeProvider _clock;
    private readonly string _path;
    private readonly OutboxSession _session;
    private readonly AutoResetEvent _signal = new(initialState: true);
    private readonly ITimer _heartbeatTimer;
    private readonly ITimer _delayTimer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<MetrixApp>? _wakeApp;
    private int _isWakeScheduled;
    private volatile bool _isClosing;

    // Of the thread alone, but for the first opening, before it starts.
    private Exception? _startupError;
    private int _failures;
    private long _failedAt;

    public OutboxWriter(SqliteOutbox outbox, OutboxContext context)
    {
        _outbox = outbox;
        _options = context.Options;
        _reporter = context.Reporter;
        _clock = context.Options.TimeProvider;
        _path = Path.GetFullPath(context.Options.OutboxPath!);
        _session = new OutboxSession(outbox, context, _path);
        _heartbeatTimer = CreateTimer();
        _delayTimer = CreateTimer();
    }

    /// <summary>Whether what is in memory is still this client's to send.</summary>
    public bool MayLease => _session.Ownership.IsProven || _outbox.StorageError is not null;

    /// <summary>Opens the file, so that one which must not be used stops the application at its start.</summary>
    /// <exception cref="ArgumentException">The file is somebody else's, or of a newer version.</exception>
    public void OpenFirst()
    {
        try
        {
            if (Directory.Exists(_path))
                throw new ForeignFileException("it is a folder, and a file is wanted");

            _session.Open();
        }
        catch (ForeignFileException foreign)
        {
            throw new ArgumentException(
                $"Metrix cannot start with these settings:{Environment.NewLine}  - OutboxPath: {_path}: {foreign.Message}. " +
                "Example: \"outboxPath\": \"/var/lib/shop/metrix.db\"");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _startupError = exception;
        }
    }

    public void Start(Action<MetrixApp> wake)
    {
        _wakeApp = wake;
        _heartbeatTimer.Change(FileOwnership.HeartbeatInterval, FileOwnership.HeartbeatInterval);
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            new Thread(Run) { IsBackground = true, Name = "Metrix outbox" }.Start();
        }
    }

    /// <summary>Lets the thread look for work now.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Lets it look for work within a time.</summary>
    public void WakeWithin(TimeSpan time)
    {
        if (Interlocked.Exchange(ref _isWakeScheduled, 1) == 0)
            _delayTimer.Change(time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes what is left, and ends.</summary>
    public Task CloseAsync()
    {
        _isClosing = true;
        Wake();
        return _ended.Task;
    }

    private ITimer CreateTimer() =>
        _clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Run()
    {
        var isDone = false;
        while (!isDone)
        {
            _signal.WaitOne();
            Interlocked.Exchange(ref _isWakeScheduled, 0);

            // Read before the work is taken: what came before the closing is in it. What ends while it is written is left for
            // one more turn.
            var isClosing = _isClosing;
            var hasMore = RunOnce(isClosing);
            isDone = isClosing && !hasMore;
            if (hasMore)
                Wake();
        }

        _heartbeatTimer.Dispose();
        _delayTimer.Dispose();
        _session.Resign();
        _session.Close();
        _ended.SetResult();
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool RunOnce(bool isClosing)
    {
        WriteBatch? work = null;
        try
        {
            if (!_session.IsOpen && !IsRetryDue && !isClosing && !_outbox.IsAwaited)
            {
                _outbox.FallBackToMemory(_outbox.TakeBatch(isClosing), _outbox.StorageError ?? "");
                WakeApps();
                WakeWithin(RetryDelay);
                return false;
            }

            // The work is taken behind these: they may find that the file is another, in which no row is known.
            if (_startupError is { } first)
            {
                _startupError = null;
                throw first;
            }

            if (_session.Maintain())
                WakeApps();
            work = _outbox.TakeBatch(isClosing);
            return Write(work, isClosing);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            OnStorageError(exception, work ?? _outbox.TakeBatch(isClosing));
            return false;
        }
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Write(WriteBatch work, bool isClosing)
    {
        var saved = new List<StoredRow>(work.Appended.Count + work.Unsaved.Count);
        var loaded = new List<(MetrixApp App, IReadOnlyList<StoredEvent> Events)>();
        IReadOnlyList<(MetrixApp App, int Count)> inherited = [];
        var rooms = _outbox.Apps.Select(app => (App: app, Room: _outbox.LoadCapacity(app))).Where(room => room.Room > 0).ToArray();
        var (database, tenancy) = (_session.Database, _session.Ownership);
        if (work.IsEmpty && rooms.Length == 0 && !tenancy.HasOrphans && _failures == 0)
        {
            _outbox.SetUsedBytes(database.UsedBytes());
            return false;
        }

        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var usedBytes = 0L;

        // By themselves after a failure: on a full disk they make room for the rest.
        if (_failures > 0)
            database.InTransaction(() => database.Delete(work.Finished.Select(mark => mark.Row)));
        database.InTransaction(() =>
        {
            if (_failures == 0)
                database.Delete(work.Finished.Select(mark => mark.Row));
            foreach (var letter in work.DeadLetters)
                database.InsertDeadLetter(letter, now);
            Insert(database, work, saved);
            foreach (var (app, room) in rooms)
                loaded.Add((app, database.LoadResting(tenancy.Id, app.AppId, room)));
            if (tenancy.HasOrphans)
                inherited = tenancy.ClaimOrphans(database, _outbox.Apps);
            usedBytes = database.UsedBytes();
        });

        // Nothing from here on can fail: what is on the disk would be written again.
        _session.CountDeadLetters(work.DeadLetters.Count);
        _outbox.OnWritten(work, saved, usedBytes);
        foreach (var (app, events) in loaded)
            _outbox.AddLoaded(app, events);
        foreach (var (app, count) in inherited)
            _outbox.AddClaimed(app, count);
        OnWritten();
        return inherited.Count > 0 || tenancy.HasOrphans || (isClosing && !work.IsEmpty);
    }

    private void OnWritten()
    {
        if (_failures > 0)
        {
            _failures = 0;
            _reporter.Report("outbox_well", () => $"{_path} is written again, with all that was kept in memory meanwhile");
        }

        WakeApps();
    }

    private void Insert(OutboxDatabase database, WriteBatch work, List<StoredRow> saved)
    {
        foreach (var entry in work.Unsaved)
        {
            if (!entry.HasEnded)
                saved.Add(new(entry, database.Insert(_session.Ownership.Id, isResting: false, entry), IsResting: false));
        }

        var rests = _outbox.PlanResting(work.Appended);
        for (var i = 0; i < rests.Count; i++)
            saved.Add(new(work.Appended[i], database.Insert(_session.Ownership.Id, rests[i], work.Appended[i]), rests[i]));
    }

    private bool IsRetryDue => _clock.GetElapsedTime(_failedAt) >= RetryDelay;

    private TimeSpan RetryDelay
    {
        get
        {
            var doubled = FirstRetryDelay * Math.Pow(2, Math.Clamp(_failures - 1, 0, 10));
            return doubled < MaxRetryDelay ? doubled : MaxRetryDelay;
        }
    }

    private void OnStorageError(Exception exception, WriteBatch work)
    {
        _session.Close();
        _failures++;
        _failedAt = _clock.GetTimestamp();
        var trouble = StorageErrorText.Of(exception);
        _outbox.FallBackToMemory(work, trouble);
        var isSetAside = StorageErrorText.IsDamage(exception) && _session.TrySetAside();
        if (!isSetAside)
        {
            _reporter.Report("outbox", () =>
                $"{_path} cannot be used: {trouble}. New events are kept in memory meanwhile, and are lost if the process ends");
        }

        WakeApps();
        if (isSetAside)
            _failedAt = _clock.GetTimestamp() - (long)(MaxRetryDelay.TotalSeconds * _clock.TimestampFrequency);
        WakeWithin(isSetAside ? TimeSpan.Zero : RetryDelay);
    }

    private void WakeApps()
    {
        foreach (var app in _outbox.Apps)
            _wakeApp!(app);
    }
}
