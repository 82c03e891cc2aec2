using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests the outbox file as seen by the operating system and by other programs.</summary>
public sealed class OutboxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_file_is_private_contains_no_dev_key_and_does_not_affect_other_files()
    {
        var shared = _folder.File("shop");
        Directory.CreateDirectory(shared);
        var backup = Path.Combine(shared, "metrix.db.backup");
        await File.WriteAllTextAsync(backup, "not ours", TestContext.Current.CancellationToken);
        await using var emulator = await AppEmulator.StartAsync(
            _ => new EmulatorResponse(400) { Body = $"no such key: {TestUser.DevKey}" });
        foreach (var path in new[] { Path.Combine(shared, "metrix.db"), _folder.File("new/deeper/metrix.db") })
        {
            await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.OutboxPath = path);
            fixture.Send(Enumerable.Range(0, 20));
            await Eventually.TrueAsync(() => fixture.Meter.Rejected == 20);
            Assert.True(File.Exists(path + "-wal"));
            var files = Directory.GetFiles(Path.GetDirectoryName(path)!, "metrix.db*").Where(file => file != backup);
            foreach (var file in files)
            {
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                Assert.DoesNotContain(TestUser.DevKey, await ReadSharedAsync(file));
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(_folder.File("new/deeper")));
        }

        Assert.Equal("not ours", await File.ReadAllTextAsync(backup, TestContext.Current.CancellationToken));
        Assert.Equal(["metrix.db", "metrix.db.backup"], Directory.GetFiles(shared).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Another_program_can_read_the_file_while_it_is_in_use()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(
            _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        fixture.Send(Enumerable.Range(0, 20));
        await Eventually.TrueAsync(() => _folder.Count("events") == 20);

        var start = new ProcessStartInfo("sqlite3") { RedirectStandardOutput = true };
        start.ArgumentList.Add(_folder.File("metrix.db"));
        start.ArgumentList.Add(
            "SELECT slug, json_extract(cast(body AS text), '$.customMetrics.Number') FROM events ORDER BY id LIMIT 2");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception) when (Environment.GetEnvironmentVariable("METRIX_REQUIRE_SQLITE3") is null)
        {
            Assert.Skip("sqlite3 is not installed here.");
            return;
        }

        using (process)
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal("taqsq|0\ntaqsq|1\n", output);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
