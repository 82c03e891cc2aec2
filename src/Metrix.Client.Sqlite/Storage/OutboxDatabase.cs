using System.Data;
using System.Globalization;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// An open outbox file and its statements. Used by one thread. Whatever is wrong with the disk or the file comes out of it as
/// an exception.
/// </summary>
internal sealed class OutboxDatabase : IDisposable
{
    // https://www.sqlite.org/rescode.html#notadb
    private const int NotADatabase = 26;

    /// <summary>How long another process's transaction is waited for.</summary>
    public static TimeSpan BusyTimeout { get; } = TimeSpan.FromSeconds(5);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    private OutboxDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file, and makes it when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="steps">The versions of the tables, for tests. Default null: those of <see cref="Schema"/>.</param>
    /// <exception cref="ForeignFileException">It is of a newer version, or somebody else's.</exception>
    public static OutboxDatabase Open(string path, IReadOnlyList<string>? steps = null)
    {
        DatabaseFile.Create(path);
        return OpenExisting(path, steps);
    }

    /// <summary>Opens a file that is there.</summary>
    /// <inheritdoc cref="Open"/>
    public static OutboxDatabase OpenExisting(string path, IReadOnlyList<string>? steps = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,

            // In seconds, and on top of the busy timeout, which waits in shorter steps.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            var database = new OutboxDatabase(connection);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {BusyTimeout.TotalMilliseconds}"));
            Schema.Verify(connection, steps ?? Schema.Steps);

            // FULL: a commit is on the disk when it returns, and not only when the log is written back.
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
            database.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
            Schema.Upgrade(connection, steps ?? Schema.Steps);
            return database;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == NotADatabase && !DatabaseFile.MayBeOurs(path))
        {
            connection.Dispose();
            throw new ForeignFileException("it is no database, and is left alone");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Does something wholly or not at all; when this returns, it is on the disk.</summary>
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

    /// <summary>Whether the pages hold together.</summary>
    public bool IsIntact() => Command("PRAGMA quick_check(1)").ExecuteScalar() is "ok";

    /// <summary>The number by which this file is told from any other.</summary>
    public long FileId() => Scalar("SELECT id FROM file");

    /// <summary>How many bytes are in use, dead letters and all.</summary>
    public long UsedBytes() =>
        (Scalar("PRAGMA page_count") - Scalar("PRAGMA freelist_count")) * Scalar("PRAGMA page_size");

    public void Register(long owner, string process, long now) => Execute(
        "INSERT INTO owners (id, beat, is_closed, process, started_at) VALUES ($owner, 0, 0, $process, $now)",
        ("$owner", owner), ("$process", process), ("$now", now));

    /// <returns>False when the owner is not there: it was taken for dead, or the file is another.</returns>
    public bool RenewHeartbeat(long owner) => Execute("UPDATE owners SET beat = beat + 1 WHERE id = $owner", ("$owner", owner)) == 1;

    public IReadOnlyList<Owner> Owners()
    {
        var owners = new List<Owner>();
        using var reader = Command("SELECT id, beat, is_closed FROM owners").ExecuteReader();
        while (reader.Read())
            owners.Add(new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2) != 0));
        return owners;
    }

    /// <summary>Says that an owner is done, so that others take over at once what it has left.</summary>
    public void Resign(long owner)
    {
        if (!TryDeleteOwner(owner))
            Execute("UPDATE owners SET is_closed = 1 WHERE id = $owner", ("$owner", owner));
    }

    /// <summary>Strikes an owner out that owns nothing.</summary>
    public bool TryDeleteOwner(long owner) => Execute(
        "DELETE FROM owners WHERE id = $owner AND NOT EXISTS (SELECT 1 FROM events WHERE owner = $owner)", ("$owner", owner)) == 1;

    /// <returns>The row.</returns>
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

    /// <summary>Deletes rows. Those that follow one another, as most do, go by one statement.</summary>
    public void Delete(IEnumerable<long> rows)
    {
        var sorted = rows.Order().ToArray();
        for (var first = 0; first < sorted.Length;)
        {
            var last = first;
            while (last + 1 < sorted.Length && sorted[last + 1] <= sorted[last] + 1)
                last++;
            Execute("DELETE FROM events WHERE id BETWEEN $first AND $last", ("$first", sorted[first]), ("$last", sorted[last]));
            first = last + 1;
        }
    }

    /// <summary>Takes an owner's oldest events that rest into its memory, in their order.</summary>
    public IReadOnlyList<StoredEvent> LoadResting(long owner, string appId, int max)
    {
        var taken = new List<StoredEvent>();
        using (var reader = Command(
            """
            UPDATE events SET resting = 0
            WHERE id IN (SELECT id FROM events WHERE owner = $owner AND resting = 1 AND app = $app ORDER BY id LIMIT $max)
            RETURNING id, slug, accepted_at, body
            """,
            ("$owner", owner), ("$app", appId), ("$max", (long)max)).ExecuteReader())
        {
            while (reader.Read())
                taken.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
        }

        taken.Sort((a, b) => a.Row.CompareTo(b.Row));
        return taken;
    }

    /// <summary>Gives some events of one owner to another; they rest.</summary>
    /// <returns>How many.</returns>
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

    /// <summary>Holds the limits on dead letters: the oldest go.</summary>
    public void TrimDeadLetters(long count, long bytes, long diedBefore) => Execute(
        """
        DELETE FROM dead_letters WHERE died_at < $before OR id <= (
            SELECT max(id) FROM (
                SELECT id, row_number() OVER latest AS number, sum(length(ifnull(body, '')) + 256) OVER latest AS total
                FROM dead_letters WINDOW latest AS (ORDER BY id DESC))
            WHERE number > $count OR total > $bytes)
        """,
        ("$before", diedBefore), ("$count", count), ("$bytes", bytes));

    /// <summary>Runs a statement, which is prepared once.</summary>
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

    /// <returns>How many rows were changed.</returns>
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

    private static object? StatusOf(DeadLetter letter) =>
        letter.State == EventState.Rejected && long.TryParse(letter.Reason, CultureInfo.InvariantCulture, out var status) ? status : null;

    private void Execute(string sql) => Command(sql).ExecuteNonQuery();

    private void TryRollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite may have rolled back by itself; the first failure is the one to tell of.
        }
    }
}
