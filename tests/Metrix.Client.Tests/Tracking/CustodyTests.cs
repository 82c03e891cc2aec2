using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Tracking;

public class CustodyTests
{
    private readonly List<string> _said = [];
    private readonly List<(object Source, EventState State, string Message)> _told = [];
    private readonly MetrixApp _app = TestData.App();
    private readonly MemoryOutbox _outbox;
    private readonly EventTracker _custody;

    public CustodyTests()
    {
        var options = TestData.Options(o => o.QueueLimit = 3);
        var reporter = new Reporter(_said.Add, new FakeTimeProvider());
        _outbox = new MemoryOutbox(options, [_app]);
        _custody = new EventTracker(options, reporter)
        {
            FailureListener = (source, state, message) => _told.Add((source, state, message)),
        };
    }

    [Fact]
    public void What_is_admitted_is_pending()
    {
        Assert.True(_custody.TryAdmit(_app.Ledger, null));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Pending = 1 }, _app.Ledger.Read());
    }

    [Fact]
    public void Over_the_limit_the_newest_is_refused_counted_said_and_told()
    {
        for (var i = 0; i < 3; i++)
            Assert.True(_custody.TryAdmit(_app.Ledger, i));

        Assert.False(_custody.TryAdmit(_app.Ledger, "the fourth"));
        Assert.Equal(new LedgerSnapshot { Recognized = 4, Pending = 3, Dropped = 1 }, _app.Ledger.Read());
        Assert.Contains("QueueLimit (3 events)", Assert.Single(_said));
        Assert.Equal(("the fourth", EventState.Dropped), Assert.Single(_told.Select(t => (t.Source, t.State))));
    }

    [Fact]
    public void What_was_refused_takes_no_room()
    {
        for (var i = 0; i < 3; i++)
            _custody.TryAdmit(_app.Ledger, null);
        for (var i = 0; i < 5; i++)
            Assert.False(_custody.TryAdmit(_app.Ledger, null));

        _custody.EndUnqueued(_app.Ledger, EventState.Invalid, null, "slug_missing", "it has no slug");
        Assert.True(_custody.TryAdmit(_app.Ledger, null));
        Assert.False(_custody.TryAdmit(_app.Ledger, null));
    }

    [Fact]
    public void An_event_that_ends_gives_its_room_back()
    {
        for (var i = 0; i < 2; i++)
            _custody.TryAdmit(_app.Ledger, null);
        var entry = Admitted();
        Assert.False(_custody.TryAdmit(_app.Ledger, null));

        Assert.True(_custody.TryEnd(entry, _outbox, EventState.Delivered, null, null));
        Assert.True(_custody.TryAdmit(_app.Ledger, null));
        Assert.Equal(0, _outbox.Count(_app));
    }

    [Fact]
    public void After_it_is_closed_all_is_refused()
    {
        _custody.Close();

        Assert.False(_custody.TryAdmit(_app.Ledger, "late"));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, _app.Ledger.Read());
        Assert.Equal([("late", EventState.Dropped, EventTracker.ClosedMessage)], _told);
    }

    [Fact]
    public void An_event_ends_once()
    {
        var entry = Admitted("source");

        Assert.True(_custody.TryEnd(entry, _outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.False(_custody.TryEnd(entry, _outbox, EventState.Delivered, null, null));
        Assert.False(_custody.TryEnd(entry, _outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Rejected = 1 }, _app.Ledger.Read());
        Assert.Equal([("source", EventState.Rejected, "rejected")], _told);
    }

    [Fact]
    public void Under_many_threads_an_event_ends_once()
    {
        var entry = Admitted("source");
        var ended = 0;
        Parallel.For(0, 100, i =>
        {
            if (_custody.TryEnd(entry, _outbox, i % 2 == 0 ? EventState.Abandoned : EventState.Rejected, "r", _ => "m"))
                Interlocked.Increment(ref ended);
        });

        Assert.Equal(1, ended);
        Assert.Single(_told);
        Assert.True(_app.Ledger.Read() is { IsBalanced: true, Pending: 0 });
    }

    [Fact]
    public void A_listener_is_not_told_of_what_was_delivered()
    {
        _custody.TryEnd(Admitted("source"), _outbox, EventState.Delivered, null, null);

        Assert.Empty(_told);
        Assert.Empty(_said);
    }

    [Fact]
    public void A_listener_that_throws_harms_nothing()
    {
        _custody.FailureListener = (_, _, _) => throw new InvalidOperationException("the text of the host's own exception");
        var entry = Admitted("source");
        var settled = _custody.Flushes.WhenDrained();

        Assert.True(_custody.TryEnd(entry, _outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.True(settled.IsCompletedSuccessfully);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Rejected = 1 }, _app.Ledger.Read());
        Assert.Contains(_said, message => message.Contains("InvalidOperationException"));
        Assert.DoesNotContain(_said, message => message.Contains("the text of the host's own exception"));
    }

    [Fact]
    public void Whoever_waits_for_a_flush_finds_everything_told()
    {
        var settled = Task.CompletedTask;
        _custody.FailureListener = (_, _, _) => Assert.False(settled.IsCompleted);
        var entry = Admitted("source");
        settled = _custody.Flushes.WhenDrained();
        _custody.TryEnd(entry, _outbox, EventState.Expired, null, _ => "expired");

        Assert.True(settled.IsCompletedSuccessfully);
        Assert.Single(_said);
    }

    [Fact]
    public void Of_abandoned_events_the_listener_is_told_and_the_report_is_left_to_who_closes()
    {
        _custody.TryEnd(Admitted("source"), _outbox, EventState.Abandoned, null, _ => "abandoned");

        Assert.Equal([("source", EventState.Abandoned, "abandoned")], _told);
        Assert.Empty(_said);
    }

    private QueuedEvent Admitted(object? source = null)
    {
        Assert.True(_custody.TryAdmit(_app.Ledger, source));
        var entry = TestData.Entry(_app, source: source);
        entry.Generation = _custody.Flushes.Enter();
        Assert.True(_outbox.TryAppend(entry));
        return entry;
    }
}
