using Microsoft.Data.Sqlite;

namespace Metrix.Tests.Support;

/// <summary>A folder of a test's own, which is deleted with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("metrix-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>How many rows a table of an outbox in this folder has, read as another program would.</summary>
    public long Count(string table, string file = "metrix.db") => Scalar($"SELECT count(*) FROM {table}", file);

    /// <summary>What one statement says of an outbox in this folder.</summary>
    public long Scalar(string sql, string file = "metrix.db")
    {
        using var connection = Connect(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A connection to a database in this folder.</summary>
    public SqliteConnection Connect(string file = "metrix.db")
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = File(file), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
