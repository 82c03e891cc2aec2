using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Metrix.Tests.Support;

/// <summary>Creates a folder for one test. Disposing it deletes the folder and its files.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("metrix-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Counts the rows of a table of an outbox in this folder, as another program would.</summary>
    public long Count(string table, string file = "metrix.db") => Scalar($"SELECT count(*) FROM {table}", file);

    /// <summary>Runs a statement against an outbox in this folder and returns its number.</summary>
    public long Scalar(string sql, string file = "metrix.db")
    {
        using var connection = Connect(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Opens a connection to an existing database in this folder.</summary>
    public SqliteConnection Connect(string file = "metrix.db")
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = File(file),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
