using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests that events stay in the file until they are delivered, also when the client restarts.</summary>
public sealed class PersistenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_delivered_event_is_deleted_from_the_file()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using (var fixture = new DurableClientFixture(_folder, emulator.Endpoint))
        {
            fixture.Send(Enumerable.Range(0, 1_000));
            Assert.True(await fixture.Client.FlushAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal((1_000, 0), (fixture.Meter.Delivered, fixture.Meter.Kept));
        }

        Assert.Equal(Enumerable.Range(0, 1_000), emulator.ReceivedNumbers().Order());
        Assert.Equal((0, 0, 0), (_folder.Count("events"), _folder.Count("dead_letters"), _folder.Count("owners")));
    }

    [Fact]
    public async Task An_event_is_in_the_file_before_its_first_request()
    {
        var rowCounts = new List<long>();
        await using var emulator = await AppEmulator.StartAsync(request =>
        {
            var body = Convert.ToHexString(request.Body.Span);
            lock (rowCounts)
                rowCounts.Add(_folder.Count($"events WHERE body = x'{body}'"));
            return null;
        });
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint);
        fixture.Send(Enumerable.Range(0, 50));
        await emulator.WaitForAsync(50);

        Assert.Equal(50, rowCounts.Count);
        Assert.All(rowCounts, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Pending_events_are_delivered_in_order_after_a_restart_interleaved_with_new_events()
    {
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var fixture = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            fixture.Send(Enumerable.Range(0, 500));
            await fixture.Client.DisposeAsync();
            Assert.Equal((500, 0), (fixture.Meter.Kept, fixture.Meter.Abandoned));
            Assert.Contains(fixture.Messages, message => message.Contains("500 events still wait in"));
        }

        Assert.Equal(500, _folder.Count("events"));
        await using var emulator = await AppEmulator.StartAsync();
        await using (var next = new DurableClientFixture(
            _folder, emulator.Endpoint, o => (o.MaxInFlight, o.BatchSizeLimit) = (1, 20)))
        {
            next.Send(Enumerable.Range(500, 20));
            await emulator.WaitForAsync(520);
            Assert.Equal((500, 20), (next.Meter.Recovered, next.Meter.Recognized));
        }

        // Closing waited for the last response, so that no event is left that would be sent twice.
        var arrived = emulator.ReceivedNumbers().ToList();
        Assert.Equal(Enumerable.Range(0, 500), arrived.Where(number => number < 500));
        Assert.Equal(Enumerable.Range(500, 20), arrived.Where(number => number >= 500));

        // New events alternate with the backlog, and are delivered long before its end.
        Assert.InRange(arrived.IndexOf(519), 0, 400);
        Assert.Equal(0, _folder.Count("events"));
    }

    [Fact]
    public async Task A_backlog_larger_than_the_memory_limit_is_delivered_once()
    {
        const int BacklogSize = 25_000;
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(
            _ => Volatile.Read(ref isAvailable) ? null : new EmulatorResponse(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o =>
        {
            o.QueueLimit = BacklogSize;
            o.Accelerate();
        });
        fixture.Send(Enumerable.Range(0, BacklogSize));
        await Eventually.TrueAsync(() => _folder.Count("events") == BacklogSize);
        Assert.InRange(_folder.Scalar("SELECT count(*) FROM events WHERE resting = 1"), 10_000, BacklogSize);

        // Events that are only in the file do not count towards QueueLimit.
        fixture.Send(Enumerable.Range(BacklogSize, 10));
        Assert.Equal(0, fixture.Meter.Dropped);
        Volatile.Write(ref isAvailable, true);
        Assert.True(await fixture.Client.FlushAsync(TimeSpan.FromHours(2)));

        Assert.Equal(BacklogSize + 10, fixture.Meter.Delivered);
        Assert.Equal(Enumerable.Range(0, BacklogSize + 10), emulator.ReceivedNumbers().Order());
        Assert.Equal(0, fixture.Meter.Pending);
    }

    [Fact]
    public async Task The_newest_event_is_dropped_above_the_size_limit()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using var fixture = new DurableClientFixture(_folder, unresponsive.Endpoint, o =>
        {
            o.OutboxSizeLimit = 256 * 1024;
            o.FlushTimeout = TimeSpan.FromMilliseconds(50);
        });
        fixture.Send(Enumerable.Range(0, 5_000));
        await Eventually.TrueAsync(() => fixture.Meter.Completed("dropped", "full") > 0);
        await fixture.Client.DisposeAsync();

        Assert.InRange(fixture.Meter.Kept, 500, 1_500);
        var fileSize = _folder.Scalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
        Assert.InRange(fileSize, 1, 512 * 1024);
    }

    [Fact]
    public async Task Space_freed_by_another_connection_is_used()
    {
        await using var emulator = await AppEmulator.StartAsync(_ => new EmulatorResponse(400));
        await using var fixture = new DurableClientFixture(
            _folder, emulator.Endpoint, o => o.OutboxSizeLimit = 256 * 1024);
        var number = 0;
        while (fixture.Meter.Dropped == 0)
        {
            fixture.Send([number++]);
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => fixture.Meter.Pending == 0);
        using (var outbox = MetrixOutboxFile.Open(_folder.File("metrix.db")))
            outbox.DeleteDeadLetters();
        await Eventually.TrueAsync(() =>
        {
            var dropped = fixture.Meter.Dropped;
            fixture.Send([number++]);
            return fixture.Meter.Dropped == dropped;
        });
    }

    [Fact]
    public async Task The_number_of_delivered_events_that_are_not_deleted_yet_is_limited()
    {
        var maxUndeleted = 0L;
        var received = 0;
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var fixture = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            fixture.Send(Enumerable.Range(0, 1_000));
        }

        await using var emulator = await AppEmulator.StartAsync(_ =>
        {
            // Count the requests before the rows. Otherwise, requests received in between would make the difference too
            // large.
            var requestCount = Interlocked.Increment(ref received);
            InterlockedMax(ref maxUndeleted, requestCount - (1_000 - _folder.Count("events")));
            return null;
        });
        await using (new DurableClientFixture(
            _folder, emulator.Endpoint, o => (o.MaxInFlight, o.BatchSizeLimit) = (4, 8)))
        {
            await emulator.WaitForAsync(1_000);
        }

        Assert.InRange(maxUndeleted, 1, 4 + 8);

        static void InterlockedMax(ref long maximum, long value)
        {
            long seen;
            while ((seen = Volatile.Read(ref maximum)) < value)
                Interlocked.CompareExchange(ref maximum, value, seen);
        }
    }

    [Fact]
    public async Task Flush_waits_for_the_events_of_this_client_among_recovered_events()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(
            _ => Volatile.Read(ref isAvailable) ? null : new EmulatorResponse(401));
        await using var fixture = new DurableClientFixture(_folder, emulator.Endpoint, o => o.Accelerate());
        fixture.Send(Enumerable.Range(0, 11_000));
        await Eventually.TrueAsync(() => _folder.Count("events") == 11_000);
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var other = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            other.Send(Enumerable.Range(11_000, 3_000));
        }

        fixture.Send(Enumerable.Range(14_000, 5_000));
        await Eventually.TrueAsync(() => fixture.Meter.Recovered == 3_000 && _folder.Count("events") == 19_000);
        Volatile.Write(ref isAvailable, true);
        Assert.True(await fixture.Client.FlushAsync(TimeSpan.FromHours(2)));

        Assert.Equal(16_000, emulator.ReceivedNumbers().Count(number => number is < 11_000 or >= 14_000));
    }

    [Fact]
    public async Task A_recovered_event_older_than_RetryTimeLimit_expires()
    {
        await using (var unresponsive = await AppEmulator.StartUnresponsiveAsync())
        {
            await using var fixture = new DurableClientFixture(
                _folder, unresponsive.Endpoint, o => o.FlushTimeout = TimeSpan.FromMilliseconds(50));
            fixture.Send([1, 2]);
        }

        var acceptedAt = TimeProvider.System.GetUtcNow().AddHours(-73).ToUnixTimeMilliseconds();
        _folder.Scalar(
            $"UPDATE events SET accepted_at = {acceptedAt} WHERE id = (SELECT min(id) FROM events) RETURNING id");
        await using var emulator = await AppEmulator.StartAsync();
        await using (var next = new DurableClientFixture(_folder, emulator.Endpoint))
        {
            await emulator.WaitForAsync(1);
            await Eventually.TrueAsync(() => next.Meter.Expired == 1);
        }

        Assert.Equal([2], emulator.ReceivedNumbers());
        Assert.Equal(1, _folder.Count("dead_letters WHERE state = 'expired'"));
    }

    public void Dispose() => _folder.Dispose();
}
