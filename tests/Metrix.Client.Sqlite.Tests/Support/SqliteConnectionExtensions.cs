using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Tests.Support;

/// <summary>Runs SQL statements in a test.</summary>
internal static class SqliteConnectionExtensions
{
    /// <summary>Executes a statement that returns no rows.</summary>
    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
