using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// Defines the tables of an outbox file, and upgrades files of older versions.
/// </summary>
internal static class Schema
{
    /// <summary>
    /// "MTRX", which distinguishes the file from other databases
    /// (https://www.sqlite.org/pragma.html#pragma_application_id).
    /// </summary>
    public const int ApplicationId = 0x4D545258;

    /// <summary>Gets the steps from each version to the next. An empty file has version 0.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        -- The number distinguishes the file from another one with the same name.
        CREATE TABLE file (id INTEGER NOT NULL);
        INSERT INTO file VALUES (random());

        -- Clients that have, or had, the file open. If the beat no longer changes, others claim the owner's events.
        CREATE TABLE owners (
            id INTEGER PRIMARY KEY,
            beat INTEGER NOT NULL,
            is_closed INTEGER NOT NULL,
            process TEXT NOT NULL,
            started_at INTEGER NOT NULL);

        -- Events to deliver, oldest first. resting: not in the owner's memory. Times are Unix milliseconds.
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            owner INTEGER NOT NULL,
            resting INTEGER NOT NULL,
            app TEXT NOT NULL,
            slug TEXT NOT NULL,
            accepted_at INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX events_by_owner ON events (owner, resting, app);

        -- Events that were rejected, invalid or expired.
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
    /// Verifies, without modifying it, that a database is an outbox file that this version can use.
    /// </summary>
    /// <param name="connection">The open connection.</param>
    /// <param name="steps">The steps up to the target version.</param>
    /// <exception cref="ForeignFileException">The database belongs to another application or a newer
    /// version.</exception>
    public static void Verify(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        var version = Read(connection, "user_version");
        var tables = Scalar(connection, "SELECT count(*) FROM sqlite_schema");
        if (Read(connection, "application_id") != ApplicationId && (version != 0 || tables != 0))
            throw new ForeignFileException("it is a database of another application and was not modified");
        if (version > steps.Count)
        {
            throw new ForeignFileException(
                $"it has version {version}, and this version of Metrix.Client.Sqlite supports versions up to " +
                $"{steps.Count}: update the package");
        }
    }

    /// <summary>
    /// Upgrades the tables to the target version.
    /// </summary>
    /// <param name="connection">The open connection.</param>
    /// <param name="steps">The steps up to the target version.</param>
    /// <exception cref="ForeignFileException">The database belongs to another application or a newer
    /// version.</exception>
    public static void Upgrade(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        if (Read(connection, "user_version") == steps.Count && Read(connection, "application_id") == ApplicationId)
            return;

        // With the write lock, because another process may be upgrading the file, too.
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
