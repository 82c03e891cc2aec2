using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// This client in the file: opened and opened again, as the same owner for as long as the file and the others know it as that,
/// with signs of life, and a damaged file set aside. Of the writer's thread.
/// </summary>
internal sealed class OutboxSession
{
    private const int MaxDeadLetters = 10_000;
    private const int DeadLettersPerTrim = 100;

    private static readonly TimeSpan MaxDeadLetterAge = TimeSpan.FromDays(30);

    private readonly SqliteOutbox _outbox;
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly string _path;
    private OutboxDatabase? _database;
    private long? _fileId;
    private int _deadLettersSinceTrim;

    public OutboxSession(SqliteOutbox outbox, OutboxContext context, string path)
    {
        _outbox = outbox;
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
            // Who ended without a word may have ended in the midst of a write.
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

    /// <summary>Is open, shows a sign of life when it is time, and holds the limits on dead letters.</summary>
    /// <returns>Whether there was a sign of life, for which somebody may have waited.</returns>
    public bool Maintain()
    {
        if (!IsOpen)
            Open();

        var isBeatDue = Ownership.IsHeartbeatDue;
        if (isBeatDue && !Ownership.RenewHeartbeat())
        {
            Close();
            Open();
        }

        if (isBeatDue || _deadLettersSinceTrim >= DeadLettersPerTrim)
        {
            _deadLettersSinceTrim = 0;
            Database.TrimDeadLetters(
                MaxDeadLetters, _options.OutboxSizeLimit / 4,
                (_options.TimeProvider.GetUtcNow() - MaxDeadLetterAge).ToUnixTimeMilliseconds());
        }

        return isBeatDue;
    }

    public void CountDeadLetters(int count) => _deadLettersSinceTrim += count;

    /// <summary>Gives a damaged file another name, so that a new one can be begun.</summary>
    /// <returns>Whether the path is free, or leads to a file that is well.</returns>
    public bool TrySetAside()
    {
        try
        {
            // One client at a time, and only while it is the damaged one: another may have begun a new one already.
            using var only = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (IsIntact())
                return true;

            var aside = DatabaseFile.SetAside(_path, _options.TimeProvider.GetUtcNow());
            var lost = _outbox.OnFileReplaced();
            _fileId = null;
            _reporter.Report("damaged", () =>
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

    /// <summary>Tells the others that this client is done.</summary>
    public void Resign()
    {
        try
        {
            _database?.Resign(Ownership.Id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // They will take it for dead in time.
        }
    }

    public void Close()
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

    /// <summary>Goes on as the owner that it was, if the file is the one that it was and knows of it; else begins anew.</summary>
    private void ResumeOrRegister(OutboxDatabase database)
    {
        var fileId = database.FileId();
        if (_fileId is { } known && known != fileId)
        {
            var lost = _outbox.OnFileReplaced();
            _reporter.Report("replaced", () =>
                $"{_path} was deleted or replaced while it was in use. What is in memory is written anew; {lost} events that were in the file alone are lost");
        }
        else if (_fileId is not null)
        {
            if (Ownership.RenewHeartbeat(database))
                return;

            _outbox.OnOwnershipLost();
            _reporter.Report("lapsed", () =>
                $"this process showed no sign of life for {FileOwnership.LeaseDuration.TotalSeconds:F0} s, and another took over its events in {_path}");
        }

        Ownership.Register(database);
        _outbox.SetOwner(Ownership.Id);
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
