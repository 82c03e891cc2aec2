using System.Diagnostics;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>
/// Tests storage errors: the error is reported, events are kept in memory, and they are written as soon as possible.
/// </summary>
public sealed class StorageErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Events_are_kept_in_memory_while_the_file_is_locked_and_written_afterwards()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(_ => Volatile.Read(ref isAvailable) ? null : new(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        using (var connection = _folder.Connect())
        {
            connection.Execute("BEGIN EXCLUSIVE");
            fixture.Send(Enumerable.Range(0, 100));
            await fixture.WaitForMessageAsync(
                "another program has locked the file: does a backup or a shell use it?");
            Assert.Contains(fixture.Client.Health, health => health.StorageError is not null);
            connection.Execute("COMMIT");
        }

        await fixture.WaitForMessageAsync("can be written again");
        Assert.Equal(100, _folder.Count("events"));
        Assert.All(fixture.Client.Health, health => Assert.Null(health.StorageError));
        Volatile.Write(ref isAvailable, true);
        await emulator.WaitForAsync(100);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 100);
    }

    [Fact]
    public async Task Events_are_delivered_from_memory_while_the_file_is_locked()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        using var connection = _folder.Connect();
        connection.Execute("BEGIN EXCLUSIVE");
        fixture.Send(Enumerable.Range(0, 100));

        await emulator.WaitForAsync(100);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 100);
        connection.Execute("COMMIT");
    }

    [Fact]
    public async Task Events_are_delivered_from_memory_when_the_folder_cannot_be_created()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        await using var emulator = await AppEmulator.StartAsync();
        await using (var fixture = new DurableClientFixture(
            _folder, emulator.Endpoint, o => o.OutboxPath = _folder.File("file/deeper/metrix.db")))
        {
            fixture.Send(Enumerable.Range(0, 10));
            await emulator.WaitForAsync(10);
            await fixture.WaitForMessageAsync(
                "New events are kept in memory until it can be used again, and are lost if the process ends");
        }

        Assert.Equal(10, emulator.Events.Count);
    }

    [Fact]
    public async Task Events_that_are_only_in_memory_at_shutdown_are_abandoned_and_reported()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(_folder, unresponsive.Endpoint, o =>
        {
            o.OutboxPath = _folder.File("file/metrix.db");
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
        });
        fixture.Send(Enumerable.Range(0, 10));
        await fixture.Client.DisposeAsync();

        Assert.Equal((10, 0), (fixture.Meter.Abandoned, fixture.Meter.Kept));
        Assert.Contains(fixture.Messages, message => message.Contains("10 events that still waited are lost"));
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_no_event_is_lost()
    {
        var disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RunProgram("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk) == 0,
            "A small disk cannot be mounted here.");
        try
        {
            var isAvailable = false;
            await using var emulator = await AppEmulator.StartAsync(
                _ => Volatile.Read(ref isAvailable) ? null : new(401));
            await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o =>
            {
                o.OutboxPath = Path.Combine(disk, "metrix.db");
                o.Accelerate();
            });
            fixture.Send(Enumerable.Range(0, 20_000));
            await fixture.WaitForMessageAsync("the disk is full: free some space");
            fixture.Send(Enumerable.Range(20_000, 10));
            Volatile.Write(ref isAvailable, true);

            // Each event that is delivered, from the file or from memory, frees space.
            await Eventually.TrueAsync(() => fixture.Meter.Delivered == 20_010);
            Assert.Equal(20_010, emulator.ReceivedNumbers().Distinct().Count());
            await fixture.Client.DisposeAsync();
        }
        finally
        {
            RunProgram("umount", "--lazy", disk);
        }
    }

    [Fact]
    public async Task No_event_is_delivered_twice_after_a_short_storage_error()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(_ => Volatile.Read(ref isAvailable) ? null : new(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send(Enumerable.Range(0, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 100);
        using (var connection = _folder.Connect())
        {
            connection.Execute("BEGIN EXCLUSIVE");
            fixture.Send([100]);
            await fixture.WaitForMessageAsync("another program has locked the file");
            connection.Execute("COMMIT");
        }

        // The client is still the same owner: more than thirty seconds later, it has recovered nothing as orphaned.
        await fixture.WaitForMessageAsync("can be written again");
        var heartbeat = Heartbeat();
        await Eventually.TrueAsync(() => Heartbeat() > heartbeat + 10);
        Assert.Equal((1, 0), (_folder.Count("owners"), fixture.Meter.Recovered));
        Volatile.Write(ref isAvailable, true);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 101);
        Assert.Equal(Enumerable.Range(0, 101), emulator.ReceivedNumbers().Order());

        long Heartbeat() => _folder.Scalar("SELECT max(beat) FROM owners");
    }

    public void Dispose() => _folder.Dispose();

    private static int RunProgram(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
