using Metrix.Client.Apps;
using Metrix.Client.Intake;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Outbox;

public class QueuedEventTests
{
    private const int QueueLimit = 3;

    private readonly List<string> _messages = [];
    private readonly List<(object Source, EventState State, string Message)> _failures = [];
    private readonly MetrixApp _app = TestData.App();
    private readonly MemoryOutbox _outbox;
    private readonly EventTracker _tracker;

    public QueuedEventTests()
    {
        var options = TestData.Options(o => o.QueueLimit = QueueLimit);
        _outbox = new MemoryOutbox(options, [_app]);
        _tracker = new EventTracker(options, new Reporter(_messages.Add, new FakeTimeProvider()))
        {
            Failures = { Listener = (source, state, message) => _failures.Add((source, state, message)) },
        };
    }

    [Fact]
    public void An_event_that_ends_releases_its_slot_and_leaves_the_outbox()
    {
        for (var i = 0; i < QueueLimit - 1; i++)
            _tracker.TryAdmit(_app.Ledger, null, out _);
        var queued = Admit();
        Assert.False(_tracker.TryAdmit(_app.Ledger, null, out _));

        Assert.True(queued.TryEnd(_outbox, EventState.Delivered, null, null));
        Assert.True(_tracker.TryAdmit(_app.Ledger, null, out _));
        Assert.Equal(0, _outbox.Count(_app));
    }

    [Fact]
    public void A_second_end_has_no_effect()
    {
        var queued = Admit("source");

        Assert.True(queued.TryEnd(_outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.True(queued.HasEnded);
        Assert.False(queued.TryEnd(_outbox, EventState.Delivered, null, null));
        Assert.False(queued.TryEnd(_outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Rejected = 1 }, _app.Ledger.Read());
        Assert.Equal([("source", EventState.Rejected, "rejected")], _failures);
    }

    [Fact]
    public void An_event_that_many_threads_end_ends_once()
    {
        var queued = Admit("source");
        var ended = 0;
        Parallel.For(0, 100, i =>
        {
            if (queued.TryEnd(_outbox, i % 2 == 0 ? EventState.Abandoned : EventState.Rejected, "r", _ => "m"))
                Interlocked.Increment(ref ended);
        });

        Assert.Equal(1, ended);
        Assert.Single(_failures);
        Assert.True(_app.Ledger.Read() is { IsBalanced: true, Pending: 0 });
    }

    [Fact]
    public void A_delivery_is_neither_reported_nor_passed_to_the_listener()
    {
        Admit("source").TryEnd(_outbox, EventState.Delivered, null, null);

        Assert.Empty(_failures);
        Assert.Empty(_messages);
    }

    [Fact]
    public void A_listener_that_throws_affects_no_event()
    {
        _tracker.Failures.Listener =
            (_, _, _) => throw new InvalidOperationException("the listener failed");
        var queued = Admit("source");
        var drained = _tracker.Flushes.WhenDrained();

        Assert.True(queued.TryEnd(_outbox, EventState.Rejected, "400", _ => "rejected"));
        Assert.True(drained.IsCompletedSuccessfully);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Rejected = 1 }, _app.Ledger.Read());
        Assert.Contains(_messages, message => message.Contains("InvalidOperationException"));
        Assert.DoesNotContain(_messages, message => message.Contains("the listener failed"));
    }

    [Fact]
    public void A_flush_completes_after_the_failure_was_reported()
    {
        var drained = Task.CompletedTask;
        _tracker.Failures.Listener = (_, _, _) => Assert.False(drained.IsCompleted);
        var queued = Admit("source");
        drained = _tracker.Flushes.WhenDrained();
        queued.TryEnd(_outbox, EventState.Expired, null, _ => "expired");

        Assert.True(drained.IsCompletedSuccessfully);
        Assert.Single(_messages);
    }

    [Fact]
    public void An_abandoned_event_is_passed_to_the_listener_and_not_reported()
    {
        Admit("source").TryEnd(_outbox, EventState.Abandoned, null, _ => "abandoned");

        Assert.Equal([("source", EventState.Abandoned, "abandoned")], _failures);
        Assert.Empty(_messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_waiter_continues_when_its_event_is_durable_or_delivered(bool isDurable)
    {
        var waiter = new AuditWaiter();
        var queued = Admit(waiter);
        Assert.False(waiter.Failure.IsCompleted);

        if (isDurable)
            queued.MarkDurable();
        else
            queued.TryEnd(_outbox, EventState.Delivered, null, null);

        Assert.True(waiter.Failure is { IsCompletedSuccessfully: true, Result: null });
        Assert.Equal(0, _app.Ledger.ReservedSlots);
    }

    [Fact]
    public async Task An_event_whose_ownership_is_transferred_is_kept_and_fails_the_flush()
    {
        var queued = Admit("source");
        var drained = _tracker.Flushes.WhenDrained();
        queued.TransferOwnership();
        queued.TransferOwnership();

        Assert.False(await drained);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Kept = 1 }, _app.Ledger.Read());
        Assert.Equal(0, _app.Ledger.ReservedSlots);
        Assert.Empty(_failures);
    }

    private QueuedEvent Admit(object? source = null)
    {
        Assert.True(_tracker.TryAdmit(_app.Ledger, source, out var admission));
        var queued = TestData.Queued(_app, source: source, tracker: _tracker);
        queued.Generation = admission.Generation;
        Assert.True(_outbox.TryAppend(queued));
        return queued;
    }
}
