using System.Text;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests several clients on one file: each event has one owner, and orphaned events are recovered.</summary>
public sealed class SharedFileTests : IDisposable
{
    private const long OrphanOwner = 4711;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_clients_on_one_file_deliver_each_event_once()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using (var first = new DurableClientFixture(_folder, emulator.Endpoint))
        await using (var second = new DurableClientFixture(_folder, emulator.Endpoint))
        {
            await Task.WhenAll(
                Task.Run(() => first.Send(Enumerable.Range(0, 2_000))),
                Task.Run(() => second.Send(Enumerable.Range(2_000, 2_000))));
            Assert.True(await first.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.True(await second.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal((2_000, 2_000), (first.Meter.Delivered, second.Meter.Delivered));
        }

        Assert.Equal(Enumerable.Range(0, 4_000), emulator.ReceivedNumbers().Order());
    }

    [Fact]
    public async Task Events_of_a_client_that_closes_are_recovered_by_a_running_client()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var running = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var closing = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            closing.Send(Enumerable.Range(0, 100));
        }

        await emulator.WaitForAsync(100);
        Assert.Equal(100, running.Meter.Recovered);
    }

    [Fact]
    public async Task Events_of_a_dead_owner_are_recovered_after_thirty_seconds_and_not_before()
    {
        AddOrphans(OrphanOwner, count: 12_000);
        var time = new AcceleratedTime(50);
        var startedAt = time.GetTimestamp();
        TimeSpan? firstAfter = null;
        await using var emulator = await AppEmulator.StartAsync(_ =>
        {
            firstAfter ??= time.GetElapsedTime(startedAt);
            return null;
        });
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o =>
        {
            o.Accelerate();
            o.TimeProvider = time;
        });
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 12_000);

        Assert.InRange(firstAfter!.Value, TimeSpan.FromSeconds(30), TimeSpan.MaxValue);
        Assert.Equal(12_000, fixture.Meter.Recovered);
        Assert.Equal(0, _folder.Count($"owners WHERE id = {OrphanOwner}"));
    }

    [Fact]
    public async Task Events_of_another_app_are_not_recovered()
    {
        AddOrphans(OrphanOwner, count: 3, app: "another", isClosed: true);
        AddOrphans(OrphanOwner + 1, count: 3, isClosed: true);
        await using var emulator = await AppEmulator.StartAsync();
        await using (new DurableClientFixture(_folder, emulator.Endpoint))
            await emulator.WaitForAsync(3);

        Assert.Equal((3, 1), (_folder.Count("events WHERE app = 'another'"), _folder.Count("owners")));
    }

    [Fact]
    public async Task A_client_that_lost_ownership_stops_delivering_the_events()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(_folder, unresponsive.Endpoint, o =>
        {
            o.Accelerate();
            o.MaxInFlight = 1;
            o.BatchSizeLimit = 1;
            o.FlushTimeout = TimeSpan.FromSeconds(5);
        });
        fixture.Send(Enumerable.Range(0, 100));
        await Eventually.TrueAsync(() => _folder.Count("events") == 100);
        _folder.Scalar($"UPDATE events SET owner = {OrphanOwner} RETURNING id");
        _folder.Scalar("DELETE FROM owners RETURNING id");

        // Leased events stay with the client until their attempt ends.
        await fixture.WaitForMessageAsync("another process took over its events");
        Assert.InRange(fixture.Meter.Kept, 97, 100);

        fixture.Send([100]);
        await Eventually.TrueAsync(() => _folder.Count($"events WHERE owner <> {OrphanOwner}") == 1);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Adds events of a process that was killed, or that closed its outbox.</summary>
    private void AddOrphans(long owner, int count, string app = "app", bool isClosed = false)
    {
        using var database = OutboxDatabase.Open(_folder.File("metrix.db"));
        database.InTransaction(() =>
        {
            database.Register(owner, "dead", 0);
            for (var number = 0; number < count; number++)
            {
                database.Execute(
                    """
                    INSERT INTO events (owner, resting, app, slug, accepted_at, body)
                    VALUES ($owner, $resting, $app, 'taqsq', $accepted_at, $body)
                    """,
                    ("$owner", owner),
                    ("$resting", number % 2L),
                    ("$app", app),
                    ("$accepted_at", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()),
                    ("$body", BodyOf(number)));
            }
        });
        if (isClosed)
            database.Resign(owner);
    }

    private static byte[] BodyOf(int number) => Encoding.UTF8.GetBytes(
        """{"metrixUserId":"u","metrixSessionId":"s","idfa":"i","eventSlug":"taqsq",""" +
        $"\"customMetrics\":{{\"Number\":{number}}}}}");
}
