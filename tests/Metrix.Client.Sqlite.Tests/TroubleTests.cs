using System.Diagnostics;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>A disk or a file that is not well: events go on in memory, it is said, and they move back.</summary>
public sealed class TroubleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task While_the_file_is_locked_events_go_on_in_memory_and_are_written_when_it_is_free()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        using (var shell = _folder.Connect())
        {
            Run(shell, "BEGIN EXCLUSIVE");
            durable.Send(Enumerable.Range(0, 100));
            await durable.WhenSaidAsync("another program has locked the file: does a backup or a shell use it?");
            Assert.Contains(durable.Client.Health, health => health.StorageError is not null);
            Run(shell, "COMMIT");
        }

        await durable.WhenSaidAsync("can be written again");
        Assert.Equal(100, _folder.Count("events"));
        Assert.All(durable.Client.Health, health => Assert.Null(health.StorageError));
        Volatile.Write(ref isUp, true);
        await emulator.WaitForAsync(100);
        await Durable.WhenAsync(() => durable.Books.Delivered == 100);
    }

    [Fact]
    public async Task While_the_file_is_locked_events_are_delivered_from_memory()
    {
        await using var emulator = await Server.StartAsync();
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        using var shell = _folder.Connect();
        Run(shell, "BEGIN EXCLUSIVE");
        durable.Send(Enumerable.Range(0, 100));

        await emulator.WaitForAsync(100);
        await Durable.WhenAsync(() => durable.Books.Delivered == 100);
        Run(shell, "COMMIT");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_said_and_events_are_delivered_from_memory()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        await using var emulator = await Server.StartAsync();
        await using (var durable = new Durable(_folder, emulator.Endpoint, o => o.OutboxPath = _folder.File("file/deeper/metrix.db")))
        {
            durable.Send(Enumerable.Range(0, 10));
            await emulator.WaitForAsync(10);
            await durable.WhenSaidAsync("New events are kept in memory until then, and are lost if the process ends");
        }

        Assert.Equal(10, emulator.Events.Count);
    }

    [Fact]
    public async Task What_is_in_memory_alone_at_the_end_is_lost_and_said()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o =>
        {
            o.OutboxPath = _folder.File("file/metrix.db");
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
        });
        durable.Send(Enumerable.Range(0, 10));
        await durable.Client.DisposeAsync();

        Assert.Equal((10, 0), (durable.Books.Abandoned, durable.Books.Kept));
        Assert.Contains(durable.Said, message => message.Contains("10 events that still waited are lost"));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_what_it_had_no_room_for_is_written_when_it_has()
    {
        var disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Shell("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk) == 0,
            "A small disk cannot be mounted here.");
        try
        {
            var isUp = false;
            await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
            await using var durable = new Durable(_folder, emulator.Endpoint, o =>
            {
                o.OutboxPath = Path.Combine(disk, "metrix.db");
                o.Accelerate();
            });
            durable.Send(Enumerable.Range(0, 20_000));
            await durable.WhenSaidAsync("the disk is full: free some space");
            durable.Send(Enumerable.Range(20_000, 10));
            Volatile.Write(ref isUp, true);

            // What is delivered from the file and from memory makes room.
            await Durable.WhenAsync(() => durable.Books.Delivered == 20_010);
            Assert.Equal(20_010, emulator.Numbers().Distinct().Count());
            await durable.Client.DisposeAsync();
        }
        finally
        {
            Shell("umount", "--lazy", disk);
        }
    }

    [Theory]
    [InlineData("no database at all, only text that somebody wrote there")]
    [InlineData("SQLite format 3\0 and then nothing that is right")]
    public async Task A_damaged_file_is_set_aside_and_a_new_one_begun(string content)
    {
        await File.WriteAllTextAsync(_folder.File("metrix.db"), content, TestContext.Current.CancellationToken);
        await using var emulator = await Server.StartAsync();
        await using (var durable = new Durable(_folder, emulator.Endpoint))
        {
            durable.Send([1]);
            await emulator.WaitForAsync(1);
            await durable.WhenSaidAsync("is damaged and was renamed to");
            Assert.Equal(1, _folder.Scalar("PRAGMA user_version"));
        }

        var aside = Assert.Single(Directory.GetFiles(_folder.Path, "metrix.db.damaged-*"));
        Assert.Equal(content, await File.ReadAllTextAsync(aside, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_is_damaged_in_use_is_set_aside_and_what_is_in_memory_is_written_anew()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send(Enumerable.Range(0, 500));
        await Durable.WhenAsync(() => _folder.Count("events") == 500);
        foreach (var name in new[] { "metrix.db", "metrix.db-wal" })
        {
            using var file = new FileStream(_folder.File(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(new byte[file.Length]);
        }

        durable.Send(Enumerable.Range(500, 10));
        await durable.WhenSaidAsync("is damaged and was renamed to");
        await Durable.WhenAsync(() => Count() >= 500);
        Volatile.Write(ref isUp, true);
        await Durable.WhenAsync(() => durable.Books.Delivered == 510);
        Assert.Equal(510, emulator.Numbers().Distinct().Count());

        long Count()
        {
            try
            {
                return _folder.Count("events");
            }
            catch (SqliteException)
            {
                // The old file, or a new one that has no tables yet.
                return 0;
            }
        }
    }

    [Fact]
    public void A_database_of_another_application_is_refused_and_left_alone()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.File("metrix.db")};Pooling=False"))
        {
            other.Open();
            Run(other, "CREATE TABLE customers (id INTEGER)");
        }

        var error = Assert.Throws<ArgumentException>(() => new Durable(_folder, new Uri("http://localhost")));
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
    public async Task A_file_that_is_no_database_by_its_name_and_content_is_refused_and_left_alone()
    {
        var path = _folder.File("appsettings.json");
        await File.WriteAllTextAsync(path, "{ }", TestContext.Current.CancellationToken);
        var error = Assert.Throws<ArgumentException>(() => new Durable(_folder, new Uri("http://localhost"), o => o.OutboxPath = path));
        Assert.Contains("it is not a database and was not modified", error.Message);
        Assert.Equal("{ }", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains("the path is a directory", Assert.Throws<ArgumentException>(
            () => new Durable(_folder, new Uri("http://localhost"), o => o.OutboxPath = _folder.Path)).Message);
    }

    [Fact]
    public async Task One_damaged_file_is_set_aside_once_though_several_find_it()
    {
        await File.WriteAllTextAsync(_folder.File("metrix.db"), "damaged", TestContext.Current.CancellationToken);
        await using var emulator = await Server.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new Durable(_folder, emulator.Endpoint, o => o.Accelerate()))));
        for (var number = 0; number < clients.Length; number++)
            clients[number].Send([number]);
        await emulator.WaitForAsync(4);
        foreach (var client in clients)
            await client.DisposeAsync();

        Assert.Single(Directory.GetFiles(_folder.Path, "*.damaged-*"));
    }

    [Fact]
    public async Task After_short_trouble_nothing_is_sent_twice()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send(Enumerable.Range(0, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 100);
        using (var shell = _folder.Connect())
        {
            Run(shell, "BEGIN EXCLUSIVE");
            durable.Send([100]);
            await durable.WhenSaidAsync("another program has locked the file");
            Run(shell, "COMMIT");
        }

        // It is the owner that it was: after half a minute nobody is dead whose events could be taken over.
        await durable.WhenSaidAsync("can be written again");
        var beats = Beats();
        await Durable.WhenAsync(() => Beats() > beats + 10);
        Assert.Equal((1, 0), (_folder.Count("owners"), durable.Books.Recovered));
        Volatile.Write(ref isUp, true);
        await Durable.WhenAsync(() => durable.Books.Delivered == 101);
        Assert.Equal(Enumerable.Range(0, 101), emulator.Numbers().Order());

        long Beats() => _folder.Scalar("SELECT max(beat) FROM owners");
    }

    [Fact]
    public async Task A_file_that_is_replaced_during_trouble_loses_nothing_of_anybody()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send(Enumerable.Range(0, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 100);
        using (var shell = _folder.Connect())
        {
            Run(shell, "BEGIN EXCLUSIVE");
            durable.Send(Enumerable.Range(100, 10));
            await durable.WhenSaidAsync("another program has locked the file");
            foreach (var file in Directory.GetFiles(_folder.Path))
                File.Delete(file);
        }

        await durable.WhenSaidAsync("was deleted or replaced");
        await durable.WhenSaidAsync("can be written again");
        Assert.Equal(110, _folder.Count("events"));
        Volatile.Write(ref isUp, true);
        await Durable.WhenAsync(() => durable.Books.Delivered == 110);
        Assert.Equal(Enumerable.Range(0, 110), emulator.Numbers().Order());
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused_and_left_alone()
    {
        OutboxDatabase.Open(_folder.File("metrix.db"), [.. Schema.Steps, "CREATE TABLE news (id INTEGER)"]).Dispose();

        var error = Assert.Throws<ArgumentException>(() => new Durable(_folder, new Uri("http://localhost")));
        Assert.Contains("it has version 2, and this version of Metrix.Client.Sqlite supports versions up to 1: update the package", error.Message);
        Assert.Equal(2, _folder.Scalar("PRAGMA user_version"));
        Assert.Contains("update the package", Assert.Throws<IOException>(() => MetrixOutboxFile.Open(_folder.File("metrix.db"))).Message);
    }

    [Fact]
    public async Task A_file_of_an_older_version_is_upgraded_in_place()
    {
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            durable.Send(Enumerable.Range(0, 10));
        }

        using var upgraded = OutboxDatabase.Open(
            _folder.File("metrix.db"), [.. Schema.Steps, "ALTER TABLE events ADD COLUMN priority INTEGER NOT NULL DEFAULT 7"]);
        Assert.Equal((2, 70), (upgraded.Scalar("PRAGMA user_version"), upgraded.Scalar("SELECT sum(priority) FROM events")));
    }

    [Fact]
    public void An_upgrade_that_fails_changes_nothing()
    {
        OutboxDatabase.Open(_folder.File("metrix.db")).Dispose();
        Assert.Throws<SqliteException>(() => OutboxDatabase.Open(
            _folder.File("metrix.db"), [.. Schema.Steps, "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)"]));

        Assert.Equal(1, _folder.Scalar("PRAGMA user_version"));
        Assert.Equal(0, _folder.Count("sqlite_schema WHERE name = 'half'"));
    }

    [Fact]
    public async Task Torn_writes_are_opened_or_set_aside_and_never_end_the_application()
    {
        // A file and its log as a process had them in the midst of its work.
        var (database, log) = await HalfWrittenAsync();
        var random = new Random(3);
        var outcomes = new List<string>();
        await using var emulator = await Server.StartAsync();
        for (var round = 0; round < 200; round++)
        {
            using var folder = new TemporaryFolder();
            await File.WriteAllBytesAsync(folder.File("metrix.db"), Cut(database, round % 2 == 0), TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(folder.File("metrix.db-wal"), Cut(log, round % 3 != 0), TestContext.Current.CancellationToken);
            var before = emulator.Events.Count;
            await using (var durable = new Durable(folder, emulator.Endpoint))
            {
                durable.Send([1_000_000 + round]);
                await emulator.WaitForAsync(events => events.Any(e => e.CustomMetrics["Number"] == 1_000_000 + round));
                outcomes.Add(Directory.GetFiles(folder.Path, "*.damaged-*").Length > 0 ? "set aside" : "opened");
            }

            byte[] Cut(byte[] bytes, bool isCut) => isCut ? bytes[..random.Next(bytes.Length)] : bytes;
        }

        Assert.Contains("set aside", outcomes);
        Assert.Contains("opened", outcomes);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(byte[] Database, byte[] Log)> HalfWrittenAsync()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        durable.Send(Enumerable.Range(0, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 100);
        using (var shell = _folder.Connect())
            Run(shell, "PRAGMA wal_checkpoint");
        durable.Send(Enumerable.Range(100, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 200);
        return (Read("metrix.db"), Read("metrix.db-wal"));

        byte[] Read(string name)
        {
            using var file = new FileStream(_folder.File(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static int Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
