using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests that a damaged file is renamed and replaced, and that no event in memory is lost.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("plain text and not a database")]
    [InlineData("SQLite format 3\0 followed by garbage")]
    public async Task A_damaged_file_is_renamed_and_a_new_one_is_created(string content)
    {
        await File.WriteAllTextAsync(_folder.File("metrix.db"), content, TestContext.Current.CancellationToken);
        await using var emulator = await AppEmulator.StartAsync();
        await using (var fixture = new DurableClientFixture(_folder, emulator.Endpoint))
        {
            fixture.Send([1]);
            await emulator.WaitForAsync(1);
            await fixture.WaitForMessageAsync("is damaged and was renamed to");
            Assert.Equal(1, _folder.Scalar("PRAGMA user_version"));
        }

        var damaged = Assert.Single(Directory.GetFiles(_folder.Path, "metrix.db.damaged-*"));
        Assert.Equal(content, await File.ReadAllTextAsync(damaged, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_damaged_in_use_is_renamed_and_the_events_in_memory_are_written_again()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(_ => Volatile.Read(ref isAvailable) ? null : new(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send(Enumerable.Range(0, 500));
        await Eventually.TrueAsync(() => _folder.Count("events") == 500);
        foreach (var name in new[] { "metrix.db", "metrix.db-wal" })
        {
            using var file = new FileStream(_folder.File(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(new byte[file.Length]);
        }

        fixture.Send(Enumerable.Range(500, 10));
        await fixture.WaitForMessageAsync("is damaged and was renamed to");
        await Eventually.TrueAsync(() => Count() >= 500);
        Volatile.Write(ref isAvailable, true);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 510);
        Assert.Equal(510, emulator.ReceivedNumbers().Distinct().Count());

        long Count()
        {
            try
            {
                return _folder.Count("events");
            }
            catch (SqliteException)
            {
                // This is the damaged file, or a new file that has no tables yet.
                return 0;
            }
        }
    }

    [Fact]
    public async Task A_damaged_file_found_by_several_clients_is_renamed_once()
    {
        await File.WriteAllTextAsync(_folder.File("metrix.db"), "damaged", TestContext.Current.CancellationToken);
        await using var emulator = await AppEmulator.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate()))));
        for (var number = 0; number < clients.Length; number++)
            clients[number].Send([number]);
        await emulator.WaitForAsync(4);
        foreach (var client in clients)
            await client.DisposeAsync();

        Assert.Single(Directory.GetFiles(_folder.Path, "*.damaged-*"));
    }

    [Fact]
    public async Task A_file_with_torn_writes_is_opened_or_renamed_and_the_client_keeps_working()
    {
        // A database and its write-ahead log as a process leaves them when it is killed.
        var (database, log) = await CopyFilesInUseAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var random = new Random(3);
        var outcomes = new List<string>();
        await using var emulator = await AppEmulator.StartAsync();
        for (var round = 0; round < 200; round++)
        {
            using var folder = new TemporaryFolder();
            await File.WriteAllBytesAsync(folder.File("metrix.db"), Cut(database, round % 2 == 0), cancellationToken);
            await File.WriteAllBytesAsync(folder.File("metrix.db-wal"), Cut(log, round % 3 != 0), cancellationToken);
            var before = emulator.Events.Count;
            await using (var fixture = new DurableClientFixture(folder, emulator.Endpoint))
            {
                fixture.Send([1_000_000 + round]);
                await emulator.WaitForAsync(events => events.Any(e => e.CustomMetrics["Number"] == 1_000_000 + round));
                outcomes.Add(Directory.GetFiles(folder.Path, "*.damaged-*").Length > 0 ? "renamed" : "opened");
            }

            byte[] Cut(byte[] bytes, bool isCut) => isCut ? bytes[..random.Next(bytes.Length)] : bytes;
        }

        Assert.Contains("renamed", outcomes);
        Assert.Contains("opened", outcomes);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(byte[] Database, byte[] Log)> CopyFilesInUseAsync()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(
            _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        fixture.Send(Enumerable.Range(0, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 100);
        using (var connection = _folder.Connect())
            connection.Execute("PRAGMA wal_checkpoint");
        fixture.Send(Enumerable.Range(100, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 200);
        return (Read("metrix.db"), Read("metrix.db-wal"));

        byte[] Read(string name)
        {
            using var file = new FileStream(_folder.File(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }
}
