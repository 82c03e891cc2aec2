using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests files of other applications, and of newer and older versions.</summary>
public sealed class FileCompatibilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_database_of_another_application_is_rejected_and_not_modified()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.File("metrix.db")};Pooling=False"))
        {
            other.Open();
            other.Execute("CREATE TABLE customers (id INTEGER)");
        }

        var error = ErrorOf(_folder.File("metrix.db"));
        Assert.Contains("OutboxPath", error.Message);
        Assert.Contains("a database of another application and was not modified", error.Message);
        Assert.Equal(0, _folder.Count("customers"));
        Assert.Equal(["metrix.db"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Equal("delete", JournalMode());

        string JournalMode()
        {
            using var connection = _folder.Connect();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode";
            return (string)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task A_path_that_is_not_a_database_is_rejected_and_not_modified()
    {
        var path = _folder.File("appsettings.json");
        await File.WriteAllTextAsync(path, "{ }", TestContext.Current.CancellationToken);
        Assert.Contains("it is not a database and was not modified", ErrorOf(path).Message);
        Assert.Equal("{ }", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains("the path is a directory", ErrorOf(_folder.Path).Message);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_rejected_and_not_modified()
    {
        OutboxDatabase.Open(_folder.File("metrix.db"), [.. Schema.Steps, "CREATE TABLE added (id INTEGER)"]).Dispose();

        var error = ErrorOf(_folder.File("metrix.db"));
        Assert.Contains(
            "it has version 2, and this version of Metrix.Client.Sqlite supports versions up to 1: update the package",
            error.Message);
        Assert.Equal(2, _folder.Scalar("PRAGMA user_version"));
        var openError = Assert.Throws<IOException>(() => MetrixOutboxFile.Open(_folder.File("metrix.db")));
        Assert.Contains("update the package", openError.Message);
    }

    [Fact]
    public async Task A_file_of_an_older_version_is_upgraded_in_place()
    {
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var fixture = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            fixture.Send(Enumerable.Range(0, 10));
        }

        using var upgraded = OutboxDatabase.Open(
            _folder.File("metrix.db"),
            [.. Schema.Steps, "ALTER TABLE events ADD COLUMN priority INTEGER NOT NULL DEFAULT 7"]);
        Assert.Equal(2, upgraded.Scalar("PRAGMA user_version"));
        Assert.Equal(70, upgraded.Scalar("SELECT sum(priority) FROM events"));
    }

    [Fact]
    public void A_failed_upgrade_does_not_change_the_file()
    {
        OutboxDatabase.Open(_folder.File("metrix.db")).Dispose();
        Assert.Throws<SqliteException>(() => OutboxDatabase.Open(
            _folder.File("metrix.db"),
            [.. Schema.Steps, "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)"]));

        Assert.Equal(1, _folder.Scalar("PRAGMA user_version"));
        Assert.Equal(0, _folder.Count("sqlite_schema WHERE name = 'half'"));
    }

    public void Dispose() => _folder.Dispose();

    private ArgumentException ErrorOf(string path) => Assert.Throws<ArgumentException>(
        () => new DurableClientFixture(_folder, new Uri("http://localhost"), o => o.OutboxPath = path));
}
