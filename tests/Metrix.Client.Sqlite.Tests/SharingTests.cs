using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Several on one file: each event is one's, and what the dead have left is taken over.</summary>
public sealed class SharingTests : IDisposable
{
    private const long Dead = 4711;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_that_live_send_each_event_once()
    {
        await using var emulator = await Server.StartAsync();
        await using (var first = new Durable(_folder, emulator.Endpoint))
        await using (var second = new Durable(_folder, emulator.Endpoint))
        {
            await Task.WhenAll(
                Task.Run(() => first.Send(Enumerable.Range(0, 2_000))), Task.Run(() => second.Send(Enumerable.Range(2_000, 2_000))));
            Assert.True(await first.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.True(await second.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal((2_000, 2_000), (first.Books.Delivered, second.Books.Delivered));
        }

        Assert.Equal(Enumerable.Range(0, 4_000), emulator.Numbers().Order());
    }

    [Fact]
    public async Task What_one_leaves_that_closes_another_that_runs_takes_over()
    {
        await using var emulator = await Server.StartAsync();
        await using var running = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        await using (var silent = await Server.StartAsync(_ => Server.Silence))
        {
            await using var closing = new Durable(_folder, silent.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            closing.Send(Enumerable.Range(0, 100));
        }

        await emulator.WaitForAsync(100);
        Assert.Equal(100, running.Books.Recovered);
    }

    [Fact]
    public async Task What_the_dead_have_left_is_taken_over_after_half_a_minute_and_not_before()
    {
        Leave(Dead, count: 12_000);
        var time = new AcceleratedTime(50);
        var startedAt = time.GetTimestamp();
        TimeSpan? firstAfter = null;
        await using var emulator = await Server.StartAsync(_ =>
        {
            firstAfter ??= time.GetElapsedTime(startedAt);
            return null;
        });
        await using var durable = new Durable(_folder, emulator.Endpoint, o =>
        {
            o.Accelerate();
            o.TimeProvider = time;
        });
        await Durable.WhenAsync(() => durable.Books.Delivered == 12_000);

        Assert.InRange(firstAfter!.Value, TimeSpan.FromSeconds(30), TimeSpan.MaxValue);
        Assert.Equal(12_000, durable.Books.Recovered);
        Assert.Equal(0, _folder.Count($"owners WHERE id = {Dead}"));
    }

    [Fact]
    public async Task What_belongs_to_another_app_is_left_where_it_is()
    {
        Leave(Dead, count: 3, app: "another", isClosed: true);
        Leave(Dead + 1, count: 3, isClosed: true);
        await using var emulator = await Server.StartAsync();
        await using (new Durable(_folder, emulator.Endpoint))
            await emulator.WaitForAsync(3);

        Assert.Equal((3, 1), (_folder.Count("events WHERE app = 'another'"), _folder.Count("owners")));
    }

    [Fact]
    public async Task One_that_was_taken_for_dead_lets_go_of_what_others_have_now()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using var durable = new Durable(_folder, silent.Endpoint, o =>
        {
            o.Accelerate();
            o.MaxInFlight = 1;
            o.BatchSizeLimit = 1;
            o.FlushTimeout = TimeSpan.FromSeconds(5);
        });
        durable.Send(Enumerable.Range(0, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 100);
        _folder.Scalar($"UPDATE events SET owner = {Dead} RETURNING id");
        _folder.Scalar("DELETE FROM owners RETURNING id");

        // Those that were lent out it keeps to the end of their attempt.
        await durable.WhenSaidAsync("another process took over its events");
        Assert.InRange(durable.Books.Kept, 97, 100);

        durable.Send([100]);
        await Durable.WhenAsync(() => _folder.Count($"events WHERE owner <> {Dead}") == 1);
    }

    [Fact]
    public async Task A_file_that_is_deleted_in_use_is_noticed_and_made_anew()
    {
        var isUp = false;
        await using var emulator = await Server.StartAsync(_ => Volatile.Read(ref isUp) ? null : new(401));
        await using var durable = new Durable(_folder, emulator.Endpoint, o => o.Accelerate());
        durable.Send(Enumerable.Range(0, 100));
        await Durable.WhenAsync(() => _folder.Count("events") == 100);
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Delete(file);

        await durable.WhenSaidAsync("was deleted or replaced");
        await Durable.WhenAsync(() => File.Exists(_folder.File("metrix.db")) && _folder.Count("events") == 100);
        Volatile.Write(ref isUp, true);
        await emulator.WaitForAsync(100);
        await Durable.WhenAsync(() => durable.Books.Delivered == 100);
        Assert.Equal(100, emulator.Events.Count);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What a process left that ended without a word, or with one.</summary>
    private void Leave(long owner, int count, string app = "app", bool isClosed = false)
    {
        using var database = OutboxDatabase.Open(_folder.File("metrix.db"));
        database.InTransaction(() =>
        {
            database.Register(owner, "dead", 0);
            for (var number = 0; number < count; number++)
            {
                database.Execute(
                    "INSERT INTO events (owner, resting, app, slug, accepted_at, body) VALUES ($o, $r, $a, 'taqsq', $t, $b)",
                    ("$o", owner), ("$r", number % 2L), ("$a", app), ("$t", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
                    ("$b", System.Text.Encoding.UTF8.GetBytes($$$"""
                        {"metrixUserId":"u","metrixSessionId":"s","idfa":"i","eventSlug":"taqsq","customMetrics":{"Number":{{{number}}}}}
                        """)));
            }
        });
        if (isClosed)
            database.Resign(owner);
    }
}
