using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>The outbox by itself, with a clock that stands still.</summary>
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
            DevKey = Durable.DevKey,
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
    public async Task What_is_no_batch_yet_at_the_end_is_written()
    {
        Append();
        Assert.Equal(0, _folder.Count("events"));

        Assert.Empty(await _outbox.CloseAsync(TimeSpan.Zero));
        Assert.Equal(1, _folder.Count("events"));
    }

    [Fact]
    public async Task What_ends_before_it_is_written_leaves_no_row_behind()
    {
        var queued = Append();
        queued.TryEnd(_outbox, EventState.Dropped, "closed", null);

        Assert.Empty(await _outbox.CloseAsync(TimeSpan.Zero));
        Assert.Equal(0, _folder.Count("events"));
    }

    [Fact]
    public async Task What_is_lent_out_when_another_takes_it_over_is_not_lent_again()
    {
        Append();
        _outbox.Commit();
        var leased = await LeaseAsync();
        _folder.Scalar("UPDATE events SET owner = 4711 RETURNING id");
        _folder.Scalar("DELETE FROM owners RETURNING id");
        _clock.Advance(FileOwnership.HeartbeatInterval);
        await Durable.WhenAsync(() => _folder.Count("owners") == 1);

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
        await Durable.WhenAsync(() =>
        {
            _outbox.Lease(_app, 1, leased);
            return leased.Count == 1;
        });
        return leased[0];
    }
}
