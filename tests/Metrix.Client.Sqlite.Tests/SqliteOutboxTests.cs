using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests the outbox without a client, with a clock that only the test advances.</summary>
public sealed class SqliteOutboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly MetrixApp _app;
    private readonly EventTracker _tracker;
    private readonly SqliteOutbox _outbox;

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
        var reporter = new Reporter(null, _clock);
        _app = apps.All[0];
        _tracker = new EventTracker(options, reporter);
        _outbox = SqliteOutbox.Open(new OutboxContext(options, apps.All, _tracker, reporter));
        _outbox.Start(_ => { });
    }

    [Fact]
    public async Task An_incomplete_batch_is_written_on_close()
    {
        Append();
        Assert.Equal(0, _folder.Count("events"));

        Assert.Empty(await _outbox.CloseAsync(TimeSpan.Zero));
        Assert.Equal(1, _folder.Count("events"));
    }

    [Fact]
    public async Task An_event_that_ends_before_it_is_written_leaves_no_row()
    {
        var queued = Append();
        queued.TryEnd(_outbox, EventState.Dropped, "closed", null);

        Assert.Empty(await _outbox.CloseAsync(TimeSpan.Zero));
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
        Assert.Equal(1, _app.Ledger.Read().Kept);
        await _outbox.CloseAsync(TimeSpan.Zero);
    }

    public void Dispose() => _folder.Dispose();

    private QueuedEvent Append()
    {
        Assert.True(_tracker.TryAdmit(_app.Ledger, null));
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
