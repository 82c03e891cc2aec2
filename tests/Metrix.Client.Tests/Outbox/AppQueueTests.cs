using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;

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
}
