using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Keeps this client's connection to the file: opens and reopens it as the same owner while the file still knows it,
/// renews its heartbeat, and sets a damaged file aside. Used by the writer's thread only.
/// </summary>
internal sealed class OutboxSession
{
    private const int MaxDeadLetters = 10_000;
    private const int DeadLettersPerTrim = 100;

    private static readonly TimeSpan MaxDeadLetterAge = TimeSpan.FromDays(30);

    private readonly OutboxState _state;
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly string _path;
    private OutboxDatabase? _database;
    private long? _fileId;
    private int _deadLettersSinceTrim;

    public OutboxSession(OutboxState state, OutboxContext context, string path)
    {
        _state = state;
        _options = context.Options;
        _reporter = context.Reporter;
        _path = path;
        Ownership = new FileOwnership(path, context.Options.TimeProvider);
    }

    public FileOwnership Ownership { get; }

    public bool IsOpen => _database is not null;

    public OutboxDatabase Database => _database ?? throw new InvalidOperationException("The outbox is not open.");

    public void Open()
    {
        var database = OutboxDatabase.Open(_path);
        try
        {
            // An owner that did not close cleanly may have died during a write.
            if (database.Owners().Any(owner => !owner.IsClosed) && !database.IsIntact())
                throw new DamagedFileException();

            ResumeOrRegister(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        _database = database;
    }

    /// <summary>Opens the file if necessary, renews a heartbeat that is due, and trims dead letters.</summary>
    /// <returns>Whether a heartbeat was renewed. Leasing may have waited for it.</returns>
    public bool Maintain()
    {
        if (!IsOpen)
            Open();

        var isHeartbeatDue = Ownership.IsHeartbeatDue;
        if (isHeartbeatDue && !Ownership.RenewHeartbeat())
        {
            Close();
            Open();
        }

        if (isHeartbeatDue || _deadLettersSinceTrim >= DeadLettersPerTrim)
        {
            _deadLettersSinceTrim = 0;
            Database.TrimDeadLetters(
                MaxDeadLetters,
                _options.OutboxSizeLimit / 4,
                (_options.TimeProvider.GetUtcNow() - MaxDeadLetterAge).ToUnixTimeMilliseconds());
        }

        return isHeartbeatDue;
    }

    public void CountDeadLetters(int count) => _deadLettersSinceTrim += count;

    /// <summary>Renames a damaged file, so that a new one can be created.</summary>
    /// <returns>Whether the path is free or leads to an intact file.</returns>
    public bool TrySetAside()
    {
        try
        {
            // One client at a time, and only if the file is still the damaged one: another client may have replaced it.
            using var exclusive = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (IsIntact())
                return true;

            var aside = DatabaseFile.SetAside(_path, _options.TimeProvider.GetUtcNow());
            var lost = _state.OnFileReplaced();
            _fileId = null;
            _reporter.Report(
                "damaged",
                () => $"{_path} is damaged and was renamed to {aside}. \"sqlite3 {aside} .recover\" may show what " +
                      $"was in it. A new file was created; {Wording.Events(lost)} that existed only in the old " +
                      $"file {(lost == 1 ? "is" : "are")} lost to this process");
            return true;
        }
        catch (Exception)
        {
            // Another client does it at this moment, or no client may.
            return false;
        }
    }

    /// <summary>Marks this owner as closed, so that others can take over its rows.</summary>
    public void Resign()
    {
        try
        {
            _database?.Resign(Ownership.Id);
        }
        catch (Exception)
        {
            // Without it, others take over when the heartbeat expires.
        }
    }

    public void Close()
    {
        try
        {
            _database?.Dispose();
        }
        catch (Exception)
        {
            // The error for which the file is closed has been reported.
        }

        _database = null;
    }

    /// <summary>
    /// Resumes as the previous owner if the file is the same and knows it, or else registers a new one.
    /// </summary>
    private void ResumeOrRegister(OutboxDatabase database)
    {
        var fileId = database.FileId();
        if (_fileId is { } known && known != fileId)
        {
            var lost = _state.OnFileReplaced();
            _reporter.Report(
                "replaced",
                () => $"{_path} was deleted or replaced while it was in use. Events in memory are written again; " +
                      $"{Wording.Events(lost)} that existed only in the file {(lost == 1 ? "is" : "are")} lost");
        }
        else if (_fileId is not null)
        {
            if (Ownership.RenewHeartbeat(database))
                return;

            _state.OnOwnershipLost();
            _reporter.Report(
                "lapsed",
                () => "this process did not renew its heartbeat for " +
                      $"{FileOwnership.LeaseDuration.TotalSeconds:F0} s, and another process took over its events " +
                      $"in {_path}");
        }

        Ownership.Register(database);
        _state.SetOwner(Ownership.Id);
        _fileId = fileId;
    }

    private bool IsIntact()
    {
        try
        {
            using var database = OutboxDatabase.OpenExisting(_path);
            return database.IsIntact();
        }
        catch (Exception exception) when (StorageErrorText.IsDamage(exception))
        {
            return false;
        }
    }
}
