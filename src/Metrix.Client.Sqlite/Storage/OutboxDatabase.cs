using System.Data;
using System.Globalization;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// Represents an open outbox file and its statements. Used by one thread. Every problem with the disk or the file
/// throws.
/// </summary>
internal sealed class OutboxDatabase : IDisposable
{
    // https://www.sqlite.org/rescode.html#notadb
    private const int NotADatabase = 26;

    /// <summary>Gets how long to wait for another process's transaction.</summary>
    public static TimeSpan BusyTimeout { get; } = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    private OutboxDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file, and creates it if it does not exist.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="steps">The upgrade steps, for tests. Default null: those of <see cref="Schema"/>.</param>
    /// <exception cref="ForeignFileException">The file belongs to another application or a newer version.</exception>
    public static OutboxDatabase Open(string path, IReadOnlyList<string>? steps = null)
    {
        DatabaseFile.Create(path);
        return OpenExisting(path, steps);
    }

    /// <summary>Opens an existing file.</summary>
    /// <inheritdoc cref="Open"/>
    public static OutboxDatabase OpenExisting(string path, IReadOnlyList<string>? steps = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,

            // In seconds, in addition to the busy timeout, which waits in shorter steps.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            var database = new OutboxDatabase(connection);
            database.Execute(string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {BusyTimeout.TotalMilliseconds}"));
            Schema.Verify(connection, steps ?? Schema.Steps);

            // FULL: a commit is on the disk when it returns, not only after a checkpoint.
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            database.Execute("PRAGMA journal_size_limit = 67108864");
            database.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
            Schema.Upgrade(connection, steps ?? Schema.Steps);
            return database;
        }
        catch (SqliteException exception)
            when (exception.SqliteErrorCode == NotADatabase && !DatabaseFile.MayBeOurs(path))
        {
            connection.Dispose();
            throw new ForeignFileException("it is not a database and was not modified");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a transaction. When this method returns, it is on the disk.</summary>
    public void InTransaction(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            TryRollBack();
            throw;
        }
    }

    /// <summary>Returns whether the pages are consistent.</summary>
    public bool IsIntact() => Command("PRAGMA quick_check(1)").ExecuteScalar() is "ok";

    /// <summary>Returns the number that distinguishes this file from any other.</summary>
    public long FileId() => Scalar("SELECT id FROM file");

    /// <summary>Returns the number of bytes in use, including dead letters.</summary>
    public long UsedBytes() =>
        (Scalar("PRAGMA page_count") - Scalar("PRAGMA freelist_count")) * Scalar("PRAGMA page_size");

    public void Register(long owner, string process, long now) => Execute(
        "INSERT INTO owners (id, beat, is_closed, process, started_at) VALUES ($owner, 0, 0, $process, $now)",
        ("$owner", owner), ("$process", process), ("$now", now));

    /// <returns>False if the owner is unknown: it was considered dead, or the file is another one.</returns>
    public bool RenewHeartbeat(long owner) =>
        Execute("UPDATE owners SET beat = beat + 1 WHERE id = $owner", ("$owner", owner)) == 1;

    public IReadOnlyList<Owner> Owners()
    {
        var owners = new List<Owner>();
        using var reader = Command("SELECT id, beat, is_closed FROM owners").ExecuteReader();
        while (reader.Read())
            owners.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2) != 0));
        return owners;
    }

    /// <summary>Marks an owner as closed, so that others claim its events at once.</summary>
    public void Resign(long owner)
    {
        if (!TryDeleteOwner(owner))
            Execute("UPDATE owners SET is_closed = 1 WHERE id = $owner", ("$owner", owner));
    }

    /// <summary>Deletes an owner that has no events.</summary>
    public bool TryDeleteOwner(long owner) => Execute(
        "DELETE FROM owners WHERE id = $owner AND NOT EXISTS (SELECT 1 FROM events WHERE owner = $owner)",
        ("$owner", owner)) == 1;

    /// <summary>Inserts an event.</summary>
    /// <returns>Its row.</returns>
    public long Insert(long owner, bool isResting, QueuedEvent entry)
    {
        Execute(
            """
            INSERT INTO events (owner, resting, app, slug, accepted_at, body)
            VALUES ($owner, $resting, $app, $slug, $accepted, $body)
            """,
            ("$owner", owner), ("$resting", isResting ? 1L : 0L), ("$app", entry.App.AppId), ("$slug", entry.Slug),
            ("$accepted", entry.AcceptedAt), ("$body", entry.Body));
        return raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    /// <summary>Deletes rows. One statement deletes a range of consecutive rows, as most are.</summary>
    public void Delete(IEnumerable<long> rows)
    {
        var sorted = rows.Order().ToArray();
        for (var first = 0; first < sorted.Length;)
        {
            var last = first;
            while (last + 1 < sorted.Length && sorted[last + 1] <= sorted[last] + 1)
                last++;
            Execute(
                "DELETE FROM events WHERE id BETWEEN $first AND $last",
                ("$first", sorted[first]), ("$last", sorted[last]));
            first = last + 1;
        }
    }

    /// <summary>Loads an owner's oldest resting events, in their order.</summary>
    public IReadOnlyList<StoredEvent> LoadResting(long owner, string appId, int max)
    {
        var taken = new List<StoredEvent>();
        using (var reader = Command(
            """
            UPDATE events SET resting = 0
            WHERE id IN (
                SELECT id FROM events WHERE owner = $owner AND resting = 1 AND app = $app ORDER BY id LIMIT $max)
            RETURNING id, slug, accepted_at, body
            """,
            ("$owner", owner), ("$app", appId), ("$max", (long)max)).ExecuteReader())
        {
            while (reader.Read())
            {
                taken.Add(new(
                    reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
            }
        }

        taken.Sort((a, b) => a.Row.CompareTo(b.Row));
        return taken;
    }

    /// <summary>Transfers some events from one owner to another. They rest.</summary>
    /// <returns>The number of events.</returns>
    public int Claim(long from, long to, string appId, int max) => Execute(
        """
        UPDATE events SET owner = $to, resting = 1
        WHERE id IN (SELECT id FROM events WHERE owner = $from AND resting IN (0, 1) AND app = $app LIMIT $max)
        """,
        ("$from", from), ("$to", to), ("$app", appId), ("$max", (long)max));

    public void InsertDeadLetter(DeadLetter letter, long now) => Execute(
        """
        INSERT INTO dead_letters (app, slug, accepted_at, died_at, state, reason, status, answer, body)
        VALUES ($app, $slug, $accepted, $now, $state, $reason, $status, $answer, $body)
        """,
        ("$app", letter.AppId), ("$slug", letter.Slug), ("$accepted", letter.AcceptedAt), ("$now", now),
        ("$state", TagValue.Of(letter.State)), ("$reason", letter.Reason), ("$status", StatusOf(letter)),
        ("$answer", letter.Answer), ("$body", letter.Body));

    /// <summary>Enforces the limits on dead letters by deleting the oldest.</summary>
    public void TrimDeadLetters(long count, long bytes, long diedBefore) => Execute(
        """
        DELETE FROM dead_letters WHERE died_at < $before OR id <= (
            SELECT max(id) FROM (
                SELECT id, row_number() OVER latest AS number, sum(length(ifnull(body, '')) + 256) OVER latest AS total
                FROM dead_letters WINDOW latest AS (ORDER BY id DESC))
            WHERE number > $count OR total > $bytes)
        """,
        ("$before", diedBefore), ("$count", count), ("$bytes", bytes));

    /// <summary>Returns a statement, which is prepared once.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }

    /// <summary>Executes a statement.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Command(sql, parameters).ExecuteNonQuery();

    public long Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        (long)Command(sql, parameters).ExecuteScalar()!;

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private static long? StatusOf(DeadLetter letter) =>
        letter.State == EventState.Rejected &&
        long.TryParse(letter.Reason, CultureInfo.InvariantCulture, out var status)
            ? status
            : null;

    private void Execute(string sql) => Command(sql).ExecuteNonQuery();

    private void TryRollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite may have rolled back by itself. The first error is the one to report.
        }
    }
}
