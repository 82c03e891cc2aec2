using Metrix.Client.Apps;
using Metrix.Client.Intake;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Intake;

/// <summary>Tests the way of an admitted event to an outbox that fails.</summary>
public class EventPipelineTests
{
    private readonly List<string> _messages = [];
    private readonly List<(object Source, EventState State, string Message)> _failures = [];
    private readonly FailingOutbox _outbox = new();
    private readonly AppDirectory _apps;
    private readonly EventTracker _tracker;
    private readonly EventPipeline _pipeline;

    public EventPipelineTests()
    {
        var options = TestData.Options();
        var reporter = new Reporter(_messages.Add, new FakeTimeProvider());
        _apps = new AppDirectory(options);
        _tracker = new EventTracker(options, reporter)
        {
            Failures = { Listener = (source, state, message) => _failures.Add((source, state, message)) },
        };
        _pipeline = new EventPipeline(options, _apps, _tracker, _outbox, reporter);
    }

    private Ledger Ledger => _apps.All[0].Ledger;

    [Fact]
    public void A_valid_event_is_appended_with_its_body_and_source()
    {
        _tracker.TryAdmit(Ledger, "source", out var admission);
        var queued = _pipeline.Submit(TestData.BuilderWithUser(), admission, "source", sourceWeight: 50);

        Assert.NotNull(queued);
        Assert.Same(queued, Assert.Single(_outbox.Appended));
        Assert.Equal(
            ("taqsq", "source", queued.Body.Length + 50, admission.Generation, false),
            (queued.Slug, queued.Source, queued.Weight, queued.Generation, queued.HasEnded));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Pending = 1 }, Ledger.Read());
        Assert.Equal(1, Ledger.ReservedSlots);
    }

    [Fact]
    public void The_source_is_not_kept_without_a_failure_listener()
    {
        _tracker.Failures.Listener = null;
        _tracker.TryAdmit(Ledger, "source", out var admission);

        Assert.Null(_pipeline.Submit(TestData.BuilderWithUser(), admission, "source")!.Source);
    }

    [Fact]
    public void An_event_is_dropped_when_the_outbox_is_full()
    {
        _outbox.IsFull = true;
        var flush = SubmitAndFlush();

        Assert.True(flush is { IsCompleted: true, Result: true });
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, Ledger.Read());
        Assert.Equal(0, Ledger.ReservedSlots);
        Assert.Contains("has reached OutboxSizeLimit (67108864 bytes)", Assert.Single(_messages));
        Assert.Equal(("source", EventState.Dropped), Assert.Single(_failures.Select(f => (f.Source, f.State))));
    }

    [Fact]
    public void A_flush_completes_after_a_dropped_event_was_reported()
    {
        var flush = Task.FromResult(true);
        var wasComplete = true;
        _tracker.Failures.Listener = (_, _, _) => wasComplete = flush.IsCompleted;
        _outbox.IsFull = true;
        _tracker.TryAdmit(Ledger, "source", out var admission);
        flush = _tracker.Flushes.WhenDrained();
        _pipeline.Submit(TestData.BuilderWithUser(), admission, "source");

        Assert.False(wasComplete);
        Assert.True(flush.IsCompleted);
    }

    [Fact]
    public void An_event_is_dropped_and_nothing_is_thrown_when_the_outbox_throws()
    {
        _outbox.Exception = new OutOfMemoryException("secret");
        var flush = SubmitAndFlush();

        Assert.True(flush is { IsCompleted: true, Result: true });
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, Ledger.Read());
        Assert.Equal(0, Ledger.ReservedSlots);
        Assert.Equal(
            "Metrix: an event could not be taken to the outbox: OutOfMemoryException", Assert.Single(_messages));
        Assert.Single(_failures);
    }

    [Fact]
    public void An_event_that_an_outbox_kept_before_it_threw_ends_once()
    {
        _outbox.Exception = new OutOfMemoryException();
        _outbox.KeepsBeforeThrowing = true;
        Assert.True(SubmitAndFlush().IsCompleted);

        Assert.False(Assert.Single(_outbox.Appended).TryEnd(_outbox, EventState.Delivered, null, null));
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, Ledger.Read());
    }

    [Fact]
    public void An_event_that_an_outbox_ended_before_it_threw_is_not_dropped()
    {
        _outbox.Exception = new OutOfMemoryException();
        _outbox.EndsBeforeThrowing = true;
        Assert.True(SubmitAndFlush().IsCompleted);

        Assert.Equal(new LedgerSnapshot { Recognized = 1, Delivered = 1 }, Ledger.Read());
        Assert.Empty(_messages);
    }

    [Fact]
    public void An_event_that_is_appended_after_the_stop_is_dropped()
    {
        _tracker.TryAdmit(Ledger, "source", out var admission);
        _tracker.Close();
        _tracker.Stop();
        var queued = _pipeline.Submit(TestData.BuilderWithUser(), admission, "source");

        Assert.True(queued!.HasEnded);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Dropped = 1 }, Ledger.Read());
        Assert.Equal([("source", EventState.Dropped, EventTracker.ClosedMessage)], _failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_invalid_event_becomes_a_dead_letter_only_when_the_outbox_is_durable(bool isDurable)
    {
        _outbox.IsDurable = isDurable;
        _tracker.TryAdmit(Ledger, "source", out var admission);
        var builder = TestData.Builder();
        Assert.Null(_pipeline.Submit(builder, admission, "source"));

        Assert.Empty(_outbox.Appended);
        Assert.Equal(new LedgerSnapshot { Recognized = 1, Invalid = 1 }, Ledger.Read());
        Assert.Contains("an event with the slug \"taqsq\" was not sent", Assert.Single(_failures).Message);
        if (!isDurable)
        {
            Assert.Empty(_outbox.Letters);
            return;
        }

        var letter = Assert.Single(_outbox.Letters);
        Assert.Equal(
            (_apps.All[0].AppId, "taqsq", EventState.Invalid, "user_id_missing", null),
            (letter.AppId, letter.Slug, letter.State, letter.Reason, letter.Answer));
        Assert.NotNull(letter.Body);
    }

    [Fact]
    public void An_unreadable_event_becomes_a_dead_letter_without_app_and_body()
    {
        _outbox.IsDurable = true;
        _tracker.TryAdmit(Ledger, null, out var admission);
        _pipeline.Refuse(InvalidReason.Unreadable, new string('x', 10_000), admission, source: null);

        var letter = Assert.Single(_outbox.Letters);
        Assert.Equal((null, null, "unreadable"), (letter.AppId, letter.Body, letter.Reason));
        Assert.InRange(letter.Slug.Length, 1, 9_999);
    }

    [Fact]
    public void An_event_that_is_too_large_becomes_a_dead_letter_without_a_body()
    {
        _outbox.IsDurable = true;
        _tracker.TryAdmit(Ledger, null, out var admission);
        var name = new string('m', 120);
        _pipeline.Submit(
            TestData.BuilderWithUser([.. Enumerable.Range(0, 900).Select(i => ($"{name}{i}", (object?)(i + 0.5)))]),
            admission,
            source: null);

        var letter = Assert.Single(_outbox.Letters);
        Assert.Equal(("too_large", null), (letter.Reason, letter.Body));
    }

    [Fact]
    public void An_invalid_event_ends_when_its_dead_letter_cannot_be_kept()
    {
        _outbox.IsDurable = true;
        _outbox.Exception = new OutOfMemoryException();
        _tracker.TryAdmit(Ledger, "source", out var admission);
        _pipeline.Refuse(InvalidReason.Unreadable, "taqsq", admission, "source");

        Assert.Equal(new LedgerSnapshot { Recognized = 1, Invalid = 1 }, Ledger.Read());
        Assert.Equal(0, Ledger.ReservedSlots);
        Assert.Contains(_messages, message => message.Contains("a dead letter could not be written"));
    }

    [Fact]
    public void An_omitted_value_is_reported_by_its_outer_name()
    {
        _tracker.TryAdmit(Ledger, null, out var admission);
        var built = TestData.BuilderWithUser(
            ("Outer", new Dictionary<string, object?> { ["Inner"] = double.NaN }), ("Plain", double.NaN));
        _pipeline.Submit(built, admission, source: null);

        Assert.Contains("\"Outer.…\"", Assert.Single(_messages));
        Assert.DoesNotContain("Inner", Assert.Single(_messages));
    }

    private Task<bool> SubmitAndFlush()
    {
        Assert.True(_tracker.TryAdmit(Ledger, "source", out var admission));
        var flush = _tracker.Flushes.WhenDrained();
        Assert.False(flush.IsCompleted);
        Assert.Null(_pipeline.Submit(TestData.BuilderWithUser(), admission, "source"));
        return flush;
    }

    /// <summary>Represents an outbox that can be full or without memory.</summary>
    private sealed class FailingOutbox : IOutbox
    {
        public bool IsDurable { get; set; }

        public bool IsFull { get; set; }

        public Exception? Exception { get; set; }

        public bool KeepsBeforeThrowing { get; set; }

        public bool EndsBeforeThrowing { get; set; }

        public List<QueuedEvent> Appended { get; } = [];

        public List<DeadLetter> Letters { get; } = [];

        public double Fullness => 0;

        public string? StorageError => null;

        public void Start(Action<MetrixApp> wake)
        {
        }

        public bool TryAppend(QueuedEvent queued)
        {
            if (Exception is not null)
            {
                if (KeepsBeforeThrowing)
                    Appended.Add(queued);
                if (EndsBeforeThrowing)
                    queued.TryEnd(this, EventState.Delivered, null, null);
                throw Exception;
            }

            if (IsFull)
                return false;

            Appended.Add(queued);
            return true;
        }

        public void Commit()
        {
        }

        public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into)
        {
        }

        public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into)
        {
        }

        public void Complete(QueuedEvent queued, DeadLetter? letter)
        {
        }

        public void AddDeadLetter(DeadLetter letter)
        {
            if (Exception is not null)
                throw Exception;

            Letters.Add(letter);
        }

        public void Release(QueuedEvent queued, TimeSpan delay)
        {
        }

        public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into)
        {
        }

        public void MakeDue(MetrixApp app)
        {
        }

        public long Count(MetrixApp app) => Appended.Count;

        public TimeSpan? NextChange(MetrixApp app) => null;

        public OutboxRemainder Close(TimeSpan limit) => new([], []);
    }
}
