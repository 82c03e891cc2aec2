using Metrix.Client.Apps;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Tracking;

public class EventTrackerTests
{
    private const int QueueLimit = 3;

    private readonly List<string> _messages = [];
    private readonly List<(object Source, EventState State, string Message)> _failures = [];
    private readonly MetrixApp _app = TestData.App();
    private readonly EventTracker _tracker;

    public EventTrackerTests()
    {
        var options = TestData.Options(o => o.QueueLimit = QueueLimit);
        _tracker = new EventTracker(options, new Reporter(_messages.Add, new FakeTimeProvider()))
        {
            Failures = { Listener = (source, state, message) => _failures.Add((source, state, message)) },
        };
    }

    [Fact]
    public void An_admitted_event_is_recognized_and_pending()
    {
        Assert.True(_tracker.TryAdmit(_app.Ledger, null, out _));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Pending = 1 }, _app.Ledger.Read());
    }

    [Fact]
    public void An_event_above_the_queue_limit_is_dropped_counted_and_reported()
    {
        for (var i = 0; i < QueueLimit; i++)
            Assert.True(_tracker.TryAdmit(_app.Ledger, i, out _));

        Assert.False(_tracker.TryAdmit(_app.Ledger, "the fourth", out _));
        Assert.Equal(new LedgerSnapshot { Recognized = 4, Pending = 3, Dropped = 1 }, _app.Ledger.Read());
        Assert.Contains("QueueLimit (3 events)", Assert.Single(_messages));
        Assert.Equal(("the fourth", EventState.Dropped), Assert.Single(_failures.Select(f => (f.Source, f.State))));
    }

    [Fact]
    public void A_dropped_event_takes_no_slot()
    {
        var admission = default(Admission);
        for (var i = 0; i < QueueLimit; i++)
            _tracker.TryAdmit(_app.Ledger, null, out admission);
        for (var i = 0; i < 5; i++)
            Assert.False(_tracker.TryAdmit(_app.Ledger, null, out _));

        _tracker.EndUnqueued(admission, EventState.Invalid, null, "slug_missing", "it has no slug");
        Assert.True(_tracker.TryAdmit(_app.Ledger, null, out _));
        Assert.False(_tracker.TryAdmit(_app.Ledger, null, out _));
    }

    [Fact]
    public void An_event_after_closing_is_dropped()
    {
        _tracker.Close();

        Assert.False(_tracker.TryAdmit(_app.Ledger, "late", out _));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, _app.Ledger.Read());
        Assert.Equal([("late", EventState.Dropped, EventTracker.ClosedMessage)], _failures);
    }
}
