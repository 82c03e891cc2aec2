using System.Runtime.CompilerServices;
using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Outbox;

public class AppQueueTests
{
    private readonly ShiftableClock _clock = new();
    private readonly MetrixApp _app = TestData.App();
    private readonly AppQueue _queue;

    public AppQueueTests() => _queue = new AppQueue(_clock, TimeSpan.FromSeconds(100));

    [Fact]
    public void Restored_events_alternate_with_new_ones()
    {
        foreach (var number in new[] { 1, 2, 3 })
            _queue.Restore(TestData.Queued(_app, 10 + number), expiresAt: long.MaxValue);
        foreach (var number in new[] { 1, 2 })
            Assert.True(_queue.TryAppend(TestData.Queued(_app, 20 + number)));

        List<QueuedEvent> leased = [];
        _queue.Lease(10, leased);
        Assert.Equal([11, 21, 12, 22, 13], leased.Select(queued => queued.Body.Length));
    }

    [Fact]
    public void Taking_all_takes_every_event_that_is_not_leased()
    {
        foreach (var slug in new[] { "a", "b", "c", "d" })
        {
            Assert.True(_queue.TryAppend(TestData.Queued(_app, slug: slug)));
            _clock.Advance(TimeSpan.FromTicks(1));
        }

        List<QueuedEvent> leased = [];
        _queue.Lease(3, leased);
        _queue.Release(leased[0], TimeSpan.FromSeconds(50));
        _queue.Release(leased[1], TimeSpan.Zero);

        List<QueuedEvent> taken = [];
        _queue.TakeAll(taken);
        Assert.Equal(["a", "b", "d"], taken.Select(queued => queued.Slug));
        leased.Clear();
        _queue.Lease(5, leased);
        Assert.Empty(leased);
    }

    [Fact]
    public void The_size_includes_leased_events_until_they_are_completed()
    {
        Assert.True(_queue.TryAppend(TestData.Queued(_app, 600), maxSizeBytes: 1_000));
        List<QueuedEvent> leased = [];
        _queue.Lease(1, leased);
        Assert.Equal((1, 600), (_queue.Count, _queue.SizeBytes));
        Assert.False(_queue.TryAppend(TestData.Queued(_app, 401), maxSizeBytes: 1_000));

        _queue.Complete(leased[0]);
        Assert.Equal((0, 0), (_queue.Count, _queue.SizeBytes));
    }

    [Fact]
    public void A_refused_event_is_leased_after_the_events_that_were_in_the_queue_before_it()
    {
        Append("refused", "a", "b");
        Refuse(Lease(1)[0], TimeSpan.Zero);
        Append("later");

        Assert.Equal(["a", "b", "refused", "later"], Slugs(Lease(10)));
    }

    [Fact]
    public void A_refused_event_is_leased_after_its_delay()
    {
        Append("refused");
        Refuse(Lease(1)[0], TimeSpan.FromSeconds(10));
        Append("a");
        Assert.Equal(["a"], Slugs(Lease(10)));
        Assert.Equal(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1), _queue.NextChange());

        Append("b");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["b", "refused"], Slugs(Lease(10)));
    }

    [Fact]
    public void A_refused_event_expires()
    {
        Append("refused");
        Refuse(Lease(1)[0], TimeSpan.Zero);
        Append("a");
        _clock.Advance(TimeSpan.FromSeconds(100) - TimeSpan.FromTicks(2));
        Assert.Equal(["refused"], Slugs(Take(_queue.TakeExpired)));
        Assert.Equal(TimeSpan.FromTicks(1), _queue.NextChange());
    }

    [Fact]
    public void A_probe_is_a_refused_event_only_if_there_is_no_other()
    {
        Append("refused", "failed");
        var leased = Lease(2);
        Refuse(leased[0], TimeSpan.Zero);
        _queue.Release(leased[1], TimeSpan.Zero);
        Append("new");

        var probes = new List<QueuedEvent>();
        for (var i = 0; i < 4; i++)
            _queue.LeaseProbe(probes);
        Assert.Equal(["new", "failed", "refused"], Slugs(probes));
    }

    [Fact]
    public void An_event_that_was_returned_twice_is_leased_once()
    {
        Append("a");
        var leased = Lease(1)[0];
        _queue.Release(leased, TimeSpan.Zero);
        _queue.Release(leased, TimeSpan.Zero);

        Assert.Equal(["a"], Slugs(Lease(10)));
    }

    [Theory]
    [InlineData("fresh")]
    [InlineData("restored")]
    [InlineData("due")]
    [InlineData("delayed")]
    [InlineData("refused")]
    [InlineData("leased")]
    public void An_event_that_has_ended_is_neither_leased_nor_probed_nor_expired_nor_taken(string place)
    {
        var take = new Func<IEnumerable<QueuedEvent>>[]
        {
            () => Lease(10), () => Take(_queue.LeaseProbe), () => Take(_queue.TakeExpired), () => Take(_queue.TakeAll),
        };
        foreach (var takeAgain in take)
        {
            var queued = AddTo(place);
            End(queued);
            if (place == "leased")
                _queue.Release(queued, TimeSpan.Zero);
            _clock.Advance(TimeSpan.FromSeconds(1_000));

            Assert.Empty(takeAgain());
            Assert.Equal((0, 0), (_queue.Count, _queue.SizeBytes));
        }
    }

    [Theory]
    [InlineData("fresh")]
    [InlineData("restored")]
    [InlineData("due")]
    [InlineData("delayed")]
    [InlineData("refused")]
    public void Ended_events_do_not_stay_in_memory(string place)
    {
        var kept = AddTo(place);
        var ended = new List<WeakReference>();
        for (var i = 0; i < 1_000; i++)
            ended.Add(AddEnded(place));
        GC.Collect();

        // The last one may still be in the queue.
        Assert.InRange(ended.Count(reference => reference.IsAlive), 0, 1);
        Assert.Same(kept, Assert.Single(Take(_queue.TakeAll)));
    }

    // A separate method, so that no local variable keeps the event.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AddEnded(string place)
    {
        var queued = AddTo(place);
        End(queued);
        return new WeakReference(queued);
    }

    private QueuedEvent AddTo(string place)
    {
        if (place == "restored")
        {
            var restored = TestData.Queued(_app);
            _queue.Restore(restored, expiresAt: 100);
            return restored;
        }

        var queued = TestData.Queued(_app);
        Assert.True(_queue.TryAppend(queued));
        if (place == "fresh")
            return queued;

        foreach (var other in Lease(10).Where(leased => leased != queued))
            _queue.Release(other, TimeSpan.Zero);
        if (place == "refused")
            Refuse(queued, TimeSpan.Zero);
        else if (place != "leased")
            _queue.Release(queued, place == "delayed" ? TimeSpan.FromSeconds(50) : TimeSpan.Zero);
        return queued;
    }

    // As an outbox does that has this queue.
    private void End(QueuedEvent queued)
    {
        Assert.True(queued.TryEnd(new MemoryOutbox(TestData.Options(), [_app]), EventState.Abandoned, null, null));
        _queue.Complete(queued);
    }

    private void Append(params string[] slugs)
    {
        foreach (var slug in slugs)
        {
            Assert.True(_queue.TryAppend(TestData.Queued(_app, slug: slug)));
            _clock.Advance(TimeSpan.FromTicks(1));
        }
    }

    private void Refuse(QueuedEvent queued, TimeSpan delay)
    {
        queued.CountRefusal(deliveries: 1);
        _queue.Release(queued, delay);
    }

    private List<QueuedEvent> Lease(int max)
    {
        List<QueuedEvent> leased = [];
        _queue.Lease(max, leased);
        return leased;
    }

    private static List<QueuedEvent> Take(Action<ICollection<QueuedEvent>> take)
    {
        List<QueuedEvent> taken = [];
        take(taken);
        return taken;
    }

    private static IEnumerable<string> Slugs(IEnumerable<QueuedEvent> events) => events.Select(queued => queued.Slug);
}
