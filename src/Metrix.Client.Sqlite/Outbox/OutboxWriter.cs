using Metrix.Client.Delivery;
using Metrix.Client.Diagnostics;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// The side of the outbox on the disk: one thread writes what was committed and what has ended, many events a transaction,
/// loads what is to be sent next, and takes over what dead processes left. Whoever waits for a commit waits with all others for
/// the same one.
/// </summary>
internal sealed class OutboxWriter
{
    private const int MostLetters = 10_000;

    private static readonly TimeSpan LongestLifeOfLetters = TimeSpan.FromDays(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly SqliteOutbox _outbox;
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly TimeProvider _clock;
    private readonly string _path;
    private readonly Tenancy _tenancy;
    private readonly AutoResetEvent _signal = new(initialState: true);
    private readonly ITimer _beat;
    private readonly ITimer _soon;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<MetrixApp>? _wakeApp;
    private int _isSoon;
    private volatile bool _isClosing;

    // Of the thread alone, but for the first opening, before it starts.
    private OutboxDatabase? _database;
    private long? _fileId;
    private Exception? _firstTrouble;
    private int _failures;
    private long _failedAt;
    private int _lettersSinceTrim;

    public OutboxWriter(SqliteOutbox outbox, OutboxContext context)
    {
        _outbox = outbox;
        _options = context.Options;
        _reporter = context.Reporter;
        _clock = context.Options.TimeProvider;
        _path = Path.GetFullPath(context.Options.OutboxPath!);
        _tenancy = new Tenancy(_path, _clock);
        _beat = CreateTimer();
        _soon = CreateTimer();
    }

    /// <summary>Whether what is in memory is still this client's to send.</summary>
    public bool MayLease => _tenancy.IsFresh || _outbox.Trouble is not null;

    /// <summary>Opens the file, so that one which must not be used stops the application at its start.</summary>
    /// <exception cref="ArgumentException">The file is somebody else's, or of a newer version.</exception>
    public void OpenFirst()
    {
        try
        {
            if (Directory.Exists(_path))
                throw new ForeignFileException("it is a folder, and a file is wanted");

            OpenDatabase();
        }
        catch (ForeignFileException foreign)
        {
            throw new ArgumentException(
                $"Metrix cannot start with these settings:{Environment.NewLine}  - OutboxPath: {_path}: {foreign.Message}. " +
                "Right: \"outboxPath\": \"/var/lib/shop/metrix.db\"");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _firstTrouble = exception;
        }
    }

    public void Start(Action<MetrixApp> wake)
    {
        _wakeApp = wake;
        _beat.Change(Tenancy.BeatInterval, Tenancy.BeatInterval);
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
        if (Interlocked.Exchange(ref _isSoon, 1) == 0)
            _soon.Change(time, Timeout.InfiniteTimeSpan);
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
            Interlocked.Exchange(ref _isSoon, 0);

            // Read before the work is taken: what came before the closing is in it. What ends while it is written is left for
            // one more turn.
            var isClosing = _isClosing;
            var hasMore = Turn(isClosing);
            isDone = isClosing && !hasMore;
            if (hasMore)
                Wake();
        }

        Close();
        _ended.SetResult();
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Turn(bool isClosing)
    {
        Work? work = null;
        try
        {
            if (_database is null && !IsRetryDue && !isClosing && !_outbox.IsAwaited)
            {
                _outbox.GoOnInMemory(_outbox.TakeWork(isClosing), _outbox.Trouble ?? "");
                WakeApps();
                WakeWithin(RetryDelay);
                return false;
            }

            // The work is taken behind these: they may find that the file is another, in which no row is known.
            BeOpen();
            if (_tenancy.IsBeatDue)
                Beat();
            work = _outbox.TakeWork(isClosing);
            return Write(work, isClosing);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            OnTrouble(exception, work ?? _outbox.TakeWork(isClosing));
            return false;
        }
    }

    private void BeOpen()
    {
        if (_firstTrouble is { } first)
        {
            _firstTrouble = null;
            throw first;
        }

        if (_database is null)
            OpenDatabase();
    }

    private void OpenDatabase()
    {
        var database = OutboxDatabase.Open(_path);
        try
        {
            // Who ended without a word may have ended in the midst of a write.
            if (database.Owners().Any(owner => !owner.IsClosed) && !database.IsSound())
                throw new DamagedFileException();

            Enter(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        _database = database;
    }

    /// <summary>Goes on as the owner that it was, if the file is the one that it was and knows of it; else begins anew.</summary>
    private void Enter(OutboxDatabase database)
    {
        var fileId = database.FileId();
        if (_fileId is { } known && known != fileId)
        {
            var lost = _outbox.LoseFile();
            _reporter.Say("replaced", () =>
                $"{_path} was deleted or replaced while it was in use. What is in memory is written anew; {lost} events that were in the file alone are lost");
        }
        else if (_fileId is not null)
        {
            if (_tenancy.Beat(database))
                return;

            _outbox.LoseRows();
            _reporter.Say("lapsed", () =>
                $"this process showed no sign of life for {Tenancy.LeaseDuration.TotalSeconds:F0} s, and another took over its events in {_path}");
        }

        _tenancy.Register(database);
        _outbox.BecomeOwner(_tenancy.Id);
        _fileId = fileId;
    }

    private void Beat()
    {
        if (_tenancy.Beat())
        {
            Trim();
        }
        else
        {
            CloseDatabase();
            OpenDatabase();
        }

        // They may have waited for this.
        WakeApps();
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Write(Work work, bool isClosing)
    {
        var saved = new List<Saved>(work.Appended.Count + work.Unsaved.Count);
        var loaded = new List<(MetrixApp App, IReadOnlyList<StoredEvent> Events)>();
        IReadOnlyList<(MetrixApp App, int Count)> inherited = [];
        var rooms = _outbox.Apps.Select(app => (App: app, Room: _outbox.RoomToLoad(app))).Where(room => room.Room > 0).ToArray();
        var database = _database!;
        if (work.IsEmpty && rooms.Length == 0 && !_tenancy.HasInheritance && _failures == 0)
        {
            _outbox.SetUsed(database.UsedBytes());
            return false;
        }

        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();

        // By themselves after a failure: on a full disk they make room for the rest.
        if (_failures > 0)
            database.InTransaction(() => database.Delete(work.Marks.Select(mark => mark.Row)));
        database.InTransaction(() =>
        {
            if (_failures == 0)
                database.Delete(work.Marks.Select(mark => mark.Row));
            foreach (var letter in work.Letters)
                database.Bury(letter, now);
            Insert(database, work, saved);
            foreach (var (app, room) in rooms)
                loaded.Add((app, database.TakeResting(_tenancy.Id, app.AppId, room)));
            if (_tenancy.HasInheritance)
                inherited = _tenancy.Inherit(database, _outbox.Apps);
        });
        _lettersSinceTrim += work.Letters.Count;

        _outbox.Publish(work, saved, database.UsedBytes());
        foreach (var (app, events) in loaded)
            _outbox.Load(app, events);
        foreach (var (app, count) in inherited)
            _outbox.Adopt(app, count);
        OnWritten();
        return inherited.Count > 0 || _tenancy.HasInheritance || (isClosing && !work.IsEmpty);
    }

    private void OnWritten()
    {
        if (_failures > 0)
        {
            _failures = 0;
            _reporter.Say("outbox_well", () => $"{_path} is written again, with all that was kept in memory meanwhile");
        }

        if (_lettersSinceTrim >= 100)
            Trim();
        WakeApps();
    }

    private void Insert(OutboxDatabase database, Work work, List<Saved> saved)
    {
        foreach (var entry in work.Unsaved)
        {
            if (!entry.HasEnded)
                saved.Add(new(entry, database.Insert(_tenancy.Id, isResting: false, entry), IsResting: false));
        }

        var rests = _outbox.PlanRest(work.Appended);
        for (var i = 0; i < rests.Count; i++)
            saved.Add(new(work.Appended[i], database.Insert(_tenancy.Id, rests[i], work.Appended[i]), rests[i]));
    }

    private void Trim()
    {
        _lettersSinceTrim = 0;
        _database!.TrimLetters(
            MostLetters, _options.OutboxSizeLimit / 4, (_clock.GetUtcNow() - LongestLifeOfLetters).ToUnixTimeMilliseconds());
    }

    private bool IsRetryDue => _clock.GetElapsedTime(_failedAt) >= RetryDelay;

    private TimeSpan RetryDelay
    {
        get
        {
            var doubled = FirstRetry * Math.Pow(2, Math.Clamp(_failures - 1, 0, 10));
            return doubled < LongestRetry ? doubled : LongestRetry;
        }
    }

    private void OnTrouble(Exception exception, Work work)
    {
        CloseDatabase();
        _failures++;
        _failedAt = _clock.GetTimestamp();
        var trouble = TroubleText.Of(exception);
        _outbox.GoOnInMemory(work, trouble);
        var isSetAside = TroubleText.IsDamage(exception) && TrySetAside();
        if (!isSetAside)
        {
            _reporter.Say("outbox", () =>
                $"{_path} cannot be used: {trouble}. New events are kept in memory meanwhile, and are lost if the process ends");
        }

        WakeApps();
        if (isSetAside)
            _failedAt = _clock.GetTimestamp() - (long)(LongestRetry.TotalSeconds * _clock.TimestampFrequency);
        WakeWithin(isSetAside ? TimeSpan.Zero : RetryDelay);
    }

    private bool TrySetAside()
    {
        try
        {
            // One client at a time, and only while it is the damaged one: another may have begun a new one already.
            using var only = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (IsWell())
                return true;

            var aside = DatabaseFile.SetAside(_path, _clock.GetUtcNow());
            var lost = _outbox.LoseFile();
            _fileId = null;
            _reporter.Say("damaged", () =>
                $"{_path} is damaged, and was set aside as {aside}: \"sqlite3 {aside} .recover\" may tell what was in it. " +
                $"A new file is begun; {lost} events that were in the old one alone are lost to this process");
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Another does it at this moment, or nobody may.
            return false;
        }
    }

    private bool IsWell()
    {
        try
        {
            using var database = OutboxDatabase.OpenExisting(_path);
            return database.IsSound();
        }
        catch (Exception exception) when (TroubleText.IsDamage(exception))
        {
            return false;
        }
    }

    private void WakeApps()
    {
        foreach (var app in _outbox.Apps)
            _wakeApp!(app);
    }

    private void Close()
    {
        _beat.Dispose();
        _soon.Dispose();
        try
        {
            _database?.Resign(_tenancy.Id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Others will take it for dead in time.
        }

        CloseDatabase();
    }

    private void CloseDatabase()
    {
        try
        {
            _database?.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What it was closed for is told of already.
        }

        _database = null;
    }
}
