using System.Collections.Concurrent;
using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests the outbox without a client, with a clock that only the test advances.</summary>
public sealed class SqliteOutboxTests : IDisposable
{
    // The clock never reaches it: closing waits until everything is written.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly MetrixApp _app;
    private readonly EventTracker _tracker;
    private readonly SqliteOutbox _outbox;
    private readonly ConcurrentQueue<string> _messages = new();
    private volatile Exception? _wakeException;

    public SqliteOutboxTests()
    {
        var options = new MetrixOptions
        {
            AppId = "app",
            DevKey = TestUser.DevKey,
            OutboxPath = _folder.File("metrix.db"),
            TimeProvider = _clock,
        };
        var apps = new AppDirectory(options);
        var reporter = new Reporter(_messages.Enqueue, _clock);
        _app = apps.All[0];
        _tracker = new EventTracker(options, reporter);
        _outbox = SqliteOutbox.Open(new OutboxContext(options, apps.All, _tracker, reporter));
        _outbox.Start(_ =>
        {
            if (_wakeException is { } exception)
                throw exception;
        });
    }

    [Fact]
    public void An_incomplete_batch_is_written_on_close()
    {
        Append();
        Assert.Equal(0, _folder.Count("events"));

        Assert.Empty(_outbox.Close(Limit).Lost);
        Assert.Equal(1, _folder.Count("events"));
    }

    [Fact]
    public void An_event_that_ends_before_it_is_written_leaves_no_row()
    {
        var queued = Append();
        queued.TryEnd(_outbox, EventState.Dropped, "closed", null);

        Assert.Empty(_outbox.Close(Limit).Lost);
        Assert.Equal(0, _folder.Count("events"));
    }

    [Fact]
    public async Task A_leased_event_that_another_owner_took_over_is_not_leased_again()
    {
        Append();
        _outbox.Commit();
        var leased = await LeaseAsync();
        _folder.Scalar("UPDATE events SET owner = 4711 RETURNING id");
        _folder.Scalar("DELETE FROM owners RETURNING id");
        _clock.Advance(FileOwnership.HeartbeatInterval);
        await Eventually.TrueAsync(() => _folder.Count("owners") == 1);

        _outbox.Release(leased, TimeSpan.Zero);
        List<QueuedEvent> again = [];
        _outbox.Lease(_app, 10, again);
        Assert.Empty(again);
        await Eventually.TrueAsync(() => _app.Ledger.Read().Kept == 1);
        Assert.Equal(1, _app.Ledger.Read().Kept);
        _outbox.Close(Limit);
    }

    [Fact]
    public async Task The_writer_continues_after_an_unexpected_exception_and_writes_each_event_once()
    {
        _wakeException = new OutOfMemoryException();
        Append();
        _outbox.Commit();
        await Eventually.ContainsAsync(_messages, "failed unexpectedly: OutOfMemoryException");
        _wakeException = null;
        Append();
        _outbox.Commit();

        await Eventually.TrueAsync(() => _folder.Count("events") == 2);
        var remainder = _outbox.Close(Limit);
        Assert.Empty(remainder.Lost);
        Assert.Empty(remainder.InDoubt);
        Assert.Contains("2 events still wait in", remainder.Message);
        Assert.Equal(2, _app.Ledger.Read().Kept);
        Assert.Single(_messages, message => message.Contains("failed unexpectedly"));
    }

    [Fact]
    public async Task Closing_does_not_wait_for_a_disk_that_hangs()
    {
        var queued = Append();
        using (var connection = _folder.Connect())
        {
            connection.Execute("BEGIN EXCLUSIVE");
            _outbox.Commit();
            var remainder = _outbox.Close(TimeSpan.Zero);
            Assert.Same(queued, Assert.Single(remainder.Lost.Concat(remainder.InDoubt)));
            Assert.True(queued.TryEnd(_outbox, EventState.Abandoned, null, null));
            connection.Execute("COMMIT");
        }

        // The writer ends later, and does not end the event again.
        await Eventually.TrueAsync(() => _folder.Scalar("SELECT count(*) FROM owners WHERE is_closed = 0") == 0);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Abandoned = 1 }, _app.Ledger.Read());
    }

    public void Dispose() => _folder.Dispose();

    private QueuedEvent Append()
    {
        Assert.True(_tracker.TryAdmit(_app.Ledger, null, out _));
        var queued = new QueuedEvent(_app, _app.Ledger, "taqsq", new byte[100], source: null, _tracker);
        Assert.True(_outbox.TryAppend(queued));
        return queued;
    }

    private async Task<QueuedEvent> LeaseAsync()
    {
        List<QueuedEvent> leased = [];
        await Eventually.TrueAsync(() =>
        {
            _outbox.Lease(_app, 1, leased);
            return leased.Count == 1;
        });
        return leased[0];
    }
}
