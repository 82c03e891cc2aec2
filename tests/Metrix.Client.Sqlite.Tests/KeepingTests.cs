using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Events that rest in a file, through the ends of those who sent them.</summary>
public sealed class KeepingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_is_delivered_leaves_the_file()
    {
        await using var emulator = await Server.StartAsync();
        await using (var durable = new Durable(_folder, emulator.Endpoint))
        {
            durable.Send(Enumerable.Range(0, 1_000));
            Assert.True(await durable.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal((1_000, 0), (durable.Books.Delivered, durable.Books.Kept));
        }

        Assert.Equal(Enumerable.Range(0, 1_000), emulator.Numbers().Order());
        Assert.Equal((0, 0, 0), (_folder.Count("events"), _folder.Count("dead_letters"), _folder.Count("owners")));
    }

    [Fact]
    public async Task An_event_is_in_the_file_before_its_first_request_goes_out()
    {
        var inFile = new List<long>();
        await using var emulator = await Server.StartAsync(request =>
        {
            lock (inFile)
                inFile.Add(_folder.Scalar($"SELECT count(*) FROM events WHERE body = x'{Convert.ToHexString(request.Body.Span)}'"));
            return null;
        });
        await using var durable = new Durable(_folder, emulator.Endpoint);
        durable.Send(Enumerable.Range(0, 50));
        await emulator.WaitForAsync(50);

        Assert.Equal(50, inFile.Count);
        Assert.All(inFile, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task What_waits_at_the_end_is_delivered_by_the_next_start_the_oldest_first_and_beside_what_is_new()
    {
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            durable.Send(Enumerable.Range(0, 500));
            await durable.Client.DisposeAsync();
            Assert.Equal((500, 0), (durable.Books.Kept, durable.Books.Abandoned));
            Assert.Contains(durable.Said, message => message.Contains("500 events still wait in"));
        }

        Assert.Equal(500, _folder.Count("events"));
        await using var emulator = await Server.StartAsync();
        await using (var next = new Durable(_folder, emulator.Endpoint, o => (o.MaxInFlight, o.BatchSizeLimit) = (1, 20)))
        {
            next.Send(Enumerable.Range(500, 20));
            await emulator.WaitForAsync(520);
            Assert.Equal((500, 20), (next.Books.Recovered, next.Books.Recognized));
        }

        // Its end waited for the answer to the last: nothing is left to be sent twice.

        var arrived = emulator.Numbers().ToList();
        Assert.Equal(Enumerable.Range(0, 500), arrived.Where(number => number < 500));
        Assert.Equal(Enumerable.Range(500, 20), arrived.Where(number => number >= 500));

        // By turns: what is new is through long before the backlog is.
        Assert.InRange(arrived.IndexOf(519), 0, 400);
        Assert.Equal(0, _folder.Count("events"));
    }

    [Fact]
    public async Task A_backlog_that_is_larger_than_the_memory_is_delivered_once_and_in_order()
    {
        const int Many = 25_000;
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new EmulatorResponse(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o =>
        {
            o.QueueLimit = Many;
            o.Accelerate();
        });
        durable.Send(Enumerable.Range(0, Many));
        await Durable.WhenAsync(() => _folder.Count("events") == Many);
        Assert.InRange(_folder.Scalar("SELECT count(*) FROM events WHERE resting = 1"), 10_000, Many);

        // What rests takes no room at the door.
        durable.Send(Enumerable.Range(Many, 10));
        Assert.Equal(0, durable.Books.Dropped);
        Volatile.Write(ref isUp, true);
        Assert.True(await durable.Client.FlushAsync(TimeSpan.FromHours(2)));

        Assert.Equal(Many + 10, durable.Books.Delivered);
        Assert.Equal(0, durable.Books.Pending);
    }

    [Fact]
    public async Task Beyond_the_size_limit_the_newest_is_refused()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o =>
        {
            o.OutboxSizeLimit = 256 * 1024;
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
        });
        durable.Send(Enumerable.Range(0, 5_000));
        await Durable.WhenAsync(() => durable.Books.Completed("dropped", "full") > 0);
        await durable.Client.DisposeAsync();

        Assert.InRange(durable.Books.Kept, 500, 1_500);
        Assert.InRange(_folder.Scalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"), 1, 512 * 1024);
    }

    [Fact]
    public async Task Room_that_others_made_is_noticed()
    {
        await using var emulator = await Server.StartAsync(_ => new EmulatorResponse(400));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.OutboxSizeLimit = 256 * 1024);
        var number = 0;
        while (durable.Books.Dropped == 0)
        {
            durable.Send([number++]);
            await Task.Yield();
        }

        await Durable.WhenAsync(() => durable.Books.Pending == 0);
        using (var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db")))
            outbox.DeleteDeadLetters();
        await Durable.WhenAsync(() =>
        {
            var dropped = durable.Books.Dropped;
            durable.Send([number++]);
            return durable.Books.Dropped == dropped;
        });
    }

    [Fact]
    public async Task No_more_than_its_limit_is_sent_and_not_marked()
    {
        var most = 0L;
        var arrived = 0;
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            durable.Send(Enumerable.Range(0, 1_000));
        }

        await using var emulator = await Server.StartAsync(_ =>
        {
            // In this order: of those that arrived by now no more can be in the file later.
            var sent = Interlocked.Increment(ref arrived);
            InterlockedMax(ref most, sent - (1_000 - _folder.Count("events")));
            return null;
        });
        await using (new Durable(_folder, emulator.Endpoint, o => (o.MaxInFlight, o.BatchSizeLimit) = (4, 8)))
            await emulator.WaitForAsync(1_000);

        Assert.InRange(most, 1, 4 + 8);

        static void InterlockedMax(ref long most, long value)
        {
            long seen;
            while ((seen = Volatile.Read(ref most)) < value)
                Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    [Fact]
    public async Task A_flush_waits_for_its_own_among_those_of_others()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new EmulatorResponse(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send(Enumerable.Range(0, 11_000));
        await Durable.WhenAsync(() => _folder.Count("events") == 11_000);
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var other = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            other.Send(Enumerable.Range(11_000, 3_000));
        }

        durable.Send(Enumerable.Range(14_000, 5_000));
        await Durable.WhenAsync(() => durable.Books.Recovered == 3_000 && _folder.Count("events") == 19_000);
        Volatile.Write(ref isUp, true);
        Assert.True(await durable.Client.FlushAsync(TimeSpan.FromHours(2)));

        Assert.Equal(16_000, emulator.Numbers().Count(number => number is < 11_000 or >= 14_000));
    }

    [Fact]
    public async Task What_is_older_than_the_retry_time_limit_expires_in_the_file_too()
    {
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            durable.Send([1, 2]);
        }

        var hoursAgo = DateTimeOffset.UtcNow.AddHours(-73).ToUnixTimeMilliseconds();
        _folder.Scalar($"UPDATE events SET accepted_at = {hoursAgo} WHERE id = (SELECT min(id) FROM events) RETURNING id");
        await using var emulator = await Server.StartAsync();
        await using (var next = new Durable(_folder, emulator.Endpoint))
        {
            await emulator.WaitForAsync(1);
            await Durable.WhenAsync(() => next.Books.Expired == 1);
        }

        Assert.Equal([2], emulator.Numbers());
        Assert.Equal(1, _folder.Count("dead_letters WHERE state = 'expired'"));
    }

    [Fact]
    public async Task The_file_is_its_owners_alone_holds_no_key_and_leaves_its_neighbours_alone()
    {
        var shared = _folder.File("shop");
        Directory.CreateDirectory(shared);
        await File.WriteAllTextAsync(Path.Combine(shared, "metrix.db.backup"), "not ours", TestContext.Current.CancellationToken);
        await using var silent = await Server.StartAsync(_ => new EmulatorResponse(400) { Body = $"no such key: {Durable.DevKey}" });
        foreach (var path in new[] { Path.Combine(shared, "metrix.db"), _folder.File("new/deeper/metrix.db") })
        {
            await using var durable = new Durable(_folder, silent.Endpoint, o => o.OutboxPath = path);
            durable.Send(Enumerable.Range(0, 20));
            await Durable.WhenAsync(() => durable.Books.Rejected == 20);
            Assert.True(File.Exists(path + "-wal"));
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, "metrix.db*").Where(file => !file.EndsWith("backup")))
            {
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                Assert.DoesNotContain(Durable.DevKey, await ReadSharedAsync(file));
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File("new/deeper")));
        }

        Assert.Equal("not ours", await File.ReadAllTextAsync(Path.Combine(shared, "metrix.db.backup"), TestContext.Current.CancellationToken));
        Assert.Equal(["metrix.db", "metrix.db.backup"], Directory.GetFiles(shared).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Another_program_reads_the_file_while_it_is_in_use()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
        durable.Send(Enumerable.Range(0, 20));
        await Durable.WhenAsync(() => _folder.Count("events") == 20);

        var start = new System.Diagnostics.ProcessStartInfo("sqlite3") { RedirectStandardOutput = true };
        start.ArgumentList.Add(_folder.File("metrix.db"));
        start.ArgumentList.Add("SELECT slug, json_extract(cast(body AS text), '$.customMetrics.Number') FROM events ORDER BY id LIMIT 2");
        System.Diagnostics.Process process;
        try
        {
            process = System.Diagnostics.Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("METRIX_REQUIRE_SQLITE3") is null)
        {
            Assert.Skip("sqlite3 is not installed here.");
            return;
        }

        using (process)
        {
            Assert.Equal("taqsq|0\ntaqsq|1\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
