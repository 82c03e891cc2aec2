using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests that a file deleted or replaced in use is noticed and written again.</summary>
public sealed class ReplacedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_file_deleted_in_use_is_written_again()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(_ => Volatile.Read(ref isAvailable) ? null : new(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send(Enumerable.Range(0, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 100);
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Delete(file);

        await fixture.WaitForMessageAsync("was deleted or replaced");
        await Eventually.TrueAsync(() => File.Exists(_folder.File("metrix.db")) && _folder.Count("events") == 100);
        Volatile.Write(ref isAvailable, true);
        await emulator.WaitForAsync(100);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 100);
        Assert.Equal(100, emulator.Events.Count);
    }

    [Fact]
    public async Task A_file_deleted_during_a_storage_error_is_written_again_without_losing_events()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(_ => Volatile.Read(ref isAvailable) ? null : new(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send(Enumerable.Range(0, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 100);
        using (var connection = _folder.Connect())
        {
            connection.Execute("BEGIN EXCLUSIVE");
            fixture.Send(Enumerable.Range(100, 10));
            await fixture.WaitForMessageAsync("another program has locked the file");
            foreach (var file in Directory.GetFiles(_folder.Path))
                File.Delete(file);
        }

        await fixture.WaitForMessageAsync("was deleted or replaced");
        await fixture.WaitForMessageAsync("can be written again");
        Assert.Equal(110, _folder.Count("events"));
        Volatile.Write(ref isAvailable, true);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 110);
        Assert.Equal(Enumerable.Range(0, 110), emulator.ReceivedNumbers().Order());
    }

    public void Dispose() => _folder.Dispose();
}
