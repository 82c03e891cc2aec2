using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// The tables of an outbox file, and how a file of an older version becomes one of this.
/// </summary>
internal static class Schema
{
    /// <summary>"MTRX", by which the file is told from the databases of others (https://www.sqlite.org/pragma.html#pragma_application_id).</summary>
    public const int ApplicationId = 0x4D545258;

    /// <summary>The steps from each version to the next; an empty file has version 0.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        -- By this number a client tells the file from another that took its name.
        CREATE TABLE file (id INTEGER NOT NULL);
        INSERT INTO file VALUES (random());

        -- Who has the file open, or had. One whose beat stands still is dead, and others take over what it owned.
        CREATE TABLE owners (
            id INTEGER PRIMARY KEY,
            beat INTEGER NOT NULL,
            is_closed INTEGER NOT NULL,
            process TEXT NOT NULL,
            started_at INTEGER NOT NULL);

        -- What waits to be delivered, the oldest first. resting: not in its owner's memory. Times are Unix milliseconds.
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            owner INTEGER NOT NULL,
            resting INTEGER NOT NULL,
            app TEXT NOT NULL,
            slug TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX events_by_owner ON events (owner, resting, app);

        -- What was rejected, invalid or expired.
        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            app TEXT,
            slug TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            died_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            status INTEGER,
            answer TEXT,
            body BLOB);
        """,
    ];

    /// <summary>
    /// Looks at a database without changing it.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="steps">The steps up to the version that is wanted.</param>
    /// <exception cref="ForeignFileException">The database is of a newer version, or somebody else's.</exception>
    public static void Verify(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        var version = Read(connection, "user_version");
        var tables = Scalar(connection, "SELECT count(*) FROM sqlite_schema");
        if (Read(connection, "application_id") != ApplicationId && (version != 0 || tables != 0))
            throw new ForeignFileException("it is a database of another application, and is left alone");
        if (version > steps.Count)
        {
            throw new ForeignFileException(
                $"it has version {version}, and this version of Metrix.Client.Sqlite knows none above {steps.Count}: update the package");
        }
    }

    /// <summary>
    /// Brings the tables of an open connection to this version.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="steps">The steps up to the version that is wanted.</param>
    /// <exception cref="ForeignFileException">The database is of a newer version, or somebody else's.</exception>
    public static void Upgrade(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        if (Read(connection, "user_version") == steps.Count && Read(connection, "application_id") == ApplicationId)
            return;

        // Under the lock of a writer: another process may be doing the same.
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            Verify(connection, steps);
            foreach (var step in steps.Skip((int)Read(connection, "user_version")))
                Execute(connection, step);
            Execute(connection, $"PRAGMA user_version = {steps.Count}; PRAGMA application_id = {ApplicationId}");
            Execute(connection, "COMMIT");
        }
        catch
        {
            Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static long Read(SqliteConnection connection, string pragma) => Scalar(connection, $"PRAGMA {pragma}");

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
