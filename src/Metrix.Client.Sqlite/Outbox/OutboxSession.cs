using Metrix.Client.Diagnostics;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// This client in the file: opened and opened again, as the same owner for as long as the file and the others know it as that,
/// with signs of life, and a damaged file set aside. Of the writer's thread.
/// </summary>
internal sealed class OutboxSession
{
    private const int MostLetters = 10_000;
    private const int LettersBetweenTrims = 100;

    private static readonly TimeSpan LongestLifeOfLetters = TimeSpan.FromDays(30);

    private readonly SqliteOutbox _outbox;
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly string _path;
    private OutboxDatabase? _database;
    private long? _fileId;
    private int _lettersSinceTrim;

    public OutboxSession(SqliteOutbox outbox, OutboxContext context, string path)
    {
        _outbox = outbox;
        _options = context.Options;
        _reporter = context.Reporter;
        _path = path;
        Tenancy = new Tenancy(path, context.Options.TimeProvider);
    }

    public Tenancy Tenancy { get; }

    public bool IsOpen => _database is not null;

    public OutboxDatabase Database => _database ?? throw new InvalidOperationException("The outbox is not open.");

    public void Open()
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

    /// <summary>Is open, shows a sign of life when it is time, and holds the limits on dead letters.</summary>
    /// <returns>Whether there was a sign of life, for which somebody may have waited.</returns>
    public bool KeepUp()
    {
        if (!IsOpen)
            Open();

        var isBeatDue = Tenancy.IsBeatDue;
        if (isBeatDue && !Tenancy.Beat())
        {
            Close();
            Open();
        }

        if (isBeatDue || _lettersSinceTrim >= LettersBetweenTrims)
        {
            _lettersSinceTrim = 0;
            Database.TrimLetters(
                MostLetters, _options.OutboxSizeLimit / 4,
                (_options.TimeProvider.GetUtcNow() - LongestLifeOfLetters).ToUnixTimeMilliseconds());
        }

        return isBeatDue;
    }

    public void CountLetters(int count) => _lettersSinceTrim += count;

    /// <summary>Gives a damaged file another name, so that a new one can be begun.</summary>
    /// <returns>Whether the path is free, or leads to a file that is well.</returns>
    public bool TrySetAside()
    {
        try
        {
            // One client at a time, and only while it is the damaged one: another may have begun a new one already.
            using var only = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None);
            if (IsWell())
                return true;

            var aside = DatabaseFile.SetAside(_path, _options.TimeProvider.GetUtcNow());
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

    /// <summary>Tells the others that this client is done.</summary>
    public void Resign()
    {
        try
        {
            _database?.Resign(Tenancy.Id);
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
            if (Tenancy.Beat(database))
                return;

            _outbox.LoseRows();
            _reporter.Say("lapsed", () =>
                $"this process showed no sign of life for {Tenancy.LeaseDuration.TotalSeconds:F0} s, and another took over its events in {_path}");
        }

        Tenancy.Register(database);
        _outbox.BecomeOwner(Tenancy.Id);
        _fileId = fileId;
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
}
