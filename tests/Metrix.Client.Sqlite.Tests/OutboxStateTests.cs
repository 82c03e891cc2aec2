using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Tracking;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests the outbox's state when it is closed while the disk hangs, without a file.</summary>
public class OutboxStateTests
{
    private readonly MetrixApp _app;
    private readonly EventTracker _tracker;
    private readonly OutboxState _state;

    public OutboxStateTests()
    {
        var options = new MetrixOptions
        {
            AppId = TestUser.AppId(),
            DevKey = TestUser.DevKey,
            OutboxPath = "unused",
            TimeProvider = new FakeTimeProvider(),
        };
        var apps = new AppDirectory(options);
        var reporter = new Reporter(null, options.TimeProvider);
        _app = apps.All[0];
        _tracker = new EventTracker(options, reporter);
        _state = new OutboxState(new OutboxContext(options, apps.All, _tracker, reporter));
        _state.SetOwner(1);
    }

    [Fact]
    public void An_event_that_is_being_written_is_in_doubt_and_the_others_are_in_memory()
    {
        var written = Append();
        _state.TakeBatch(isClosing: true);
        var waiting = Append();
        var (inMemory, inDoubt) = _state.Close();

        Assert.Same(written, Assert.Single(inDoubt));
        Assert.Same(waiting, Assert.Single(inMemory));
        Assert.All([written, waiting], queued => Assert.True(queued.TryAccount(Outbox, EventState.Abandoned, null)));
    }

    [Fact]
    public void An_event_in_doubt_that_is_written_late_stays_in_the_file_and_ends_once()
    {
        var queued = Append();
        var batch = _state.TakeBatch(isClosing: true);
        _state.Close();
        Abandon(queued);
        _state.OnWritten(batch, [new StoredRow(queued, Row: 1, IsResting: false)], usedBytes: 100, isProof: true);

        Assert.Equal(new LedgerSnapshot { Recognized = 1, Abandoned = 1 }, _app.Ledger.Read());
        Assert.Empty(_state.TakeBatch(isClosing: true).Finished);
        Assert.Null(_state.WindowOf(_app).NextChange());
    }

    [Fact]
    public void An_event_in_doubt_that_cannot_be_written_ends_once()
    {
        var queued = Append();
        var batch = _state.TakeBatch(isClosing: true);
        _state.Close();
        Abandon(queued);

        Assert.Empty(_state.FallBackToMemory(batch, "the disk is full"));
        Assert.Null(_state.WindowOf(_app).NextChange());
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Abandoned = 1 }, _app.Ledger.Read());
    }

    [Fact]
    public void A_written_event_is_not_in_doubt()
    {
        var queued = Append();
        var batch = _state.TakeBatch(isClosing: true);
        _state.OnWritten(batch, [new StoredRow(queued, Row: 1, IsResting: false)], usedBytes: 100, isProof: true);
        var (inMemory, inDoubt) = _state.Close();

        Assert.Empty(inDoubt);
        Assert.Equal(1, Assert.Single(inMemory).Row);
        Abandon(queued);
    }

    [Fact]
    public void Events_that_are_loaded_or_claimed_after_closing_are_not_counted()
    {
        _state.Close();
        _state.AddClaimed(_app, 5);
        _state.AddLoaded(_app, [new Storage.StoredEvent(1, "taqsq", 0, [1])]);

        Assert.Equal(new LedgerSnapshot(), _app.Ledger.Read());
        Assert.Null(_state.WindowOf(_app).NextChange());
    }

    [Fact]
    public void An_event_that_another_process_took_over_ends_after_its_release_and_not_during_it()
    {
        var queued = Append();
        var batch = _state.TakeBatch(isClosing: true);
        _state.OnWritten(batch, [new StoredRow(queued, Row: 1, IsResting: false)], usedBytes: 100, isProof: true);
        List<QueuedEvent> leased = [];
        _state.Lease(_app, 1, leased, isProbe: false);
        _state.SetOwner(2);

        // The caller may hold its own lock, and the end of an event calls meter listeners.
        Assert.False(_state.Release(Assert.Single(leased), TimeSpan.Zero));
        Assert.False(queued.HasEnded);
        _state.EndTransferred();
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Kept = 1 }, _app.Ledger.Read());
    }

    // Ends events in the state. Only the memory outbox can be created without a file.
    private IOutbox Outbox => new MemoryOutbox(new MetrixOptions(), [_app]);

    private QueuedEvent Append()
    {
        Assert.True(_tracker.TryAdmit(_app.Ledger, null, out var admission));
        var queued = new QueuedEvent(_app, _app.Ledger, "taqsq", new byte[100], source: null, _tracker)
        {
            Generation = admission.Generation,
        };
        Assert.True(_state.TryAppend(queued));
        return queued;
    }

    private void Abandon(QueuedEvent queued)
    {
        Assert.True(queued.TryAccount(Outbox, EventState.Abandoned, null));
        queued.Announce(EventState.Abandoned, null, compose: null);
    }
}
