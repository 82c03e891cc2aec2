using System.Collections.Concurrent;
using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Tracking;

public class FlushTrackerTests
{
    private readonly FlushTracker _flushes = new();

    [Fact]
    public void WhenDrained_is_complete_when_no_event_entered() =>
        Assert.True(_flushes.WhenDrained().IsCompletedSuccessfully);

    [Fact]
    public void WhenDrained_completes_when_the_last_event_leaves()
    {
        var entered = new[] { _flushes.Enter(), _flushes.Enter() };
        var drained = _flushes.WhenDrained();
        _flushes.Leave(entered[0]);
        Assert.False(drained.IsCompleted);

        _flushes.Leave(entered[1]);
        Assert.True(drained.IsCompletedSuccessfully);
    }

    [Fact]
    public void WhenDrained_does_not_wait_for_earlier_or_later_generations()
    {
        _flushes.Leave(_flushes.Enter());
        var before = _flushes.Enter();
        var drained = _flushes.WhenDrained();
        var after = _flushes.Enter();
        _flushes.Leave(before);

        Assert.True(drained.IsCompletedSuccessfully);
        Assert.NotSame(before, after);
    }

    [Fact]
    public void A_later_flush_waits_for_the_events_of_an_earlier_flush()
    {
        var first = _flushes.Enter();
        var firstDrained = _flushes.WhenDrained();
        var second = _flushes.Enter();
        var secondDrained = _flushes.WhenDrained();
        _flushes.Leave(second);
        Assert.False(firstDrained.IsCompleted);
        Assert.False(secondDrained.IsCompleted);

        _flushes.Leave(first);
        Assert.True(firstDrained.IsCompletedSuccessfully);
        Assert.True(secondDrained.IsCompletedSuccessfully);
    }

    [Fact]
    public void Two_flushes_of_the_same_events_complete_together()
    {
        var entered = _flushes.Enter();
        Task[] drained = [_flushes.WhenDrained(), _flushes.WhenDrained()];
        Assert.All(drained, task => Assert.False(task.IsCompleted));

        _flushes.Leave(entered);
        Assert.All(drained, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void Leave_ignores_null()
    {
        var entered = _flushes.Enter();
        var drained = _flushes.WhenDrained();
        _flushes.Leave(null);
        Assert.False(drained.IsCompleted);

        _flushes.Leave(entered);
        Assert.True(drained.IsCompletedSuccessfully);
    }

    [Fact]
    public void Every_flush_completes_under_concurrency()
    {
        var drained = new ConcurrentBag<Task>();
        Parallel.For(0, 10_000, i =>
        {
            var entered = _flushes.Enter();
            if (i % 100 == 0)
                drained.Add(_flushes.WhenDrained());
            _flushes.Leave(entered);
        });

        Assert.All(drained, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.True(_flushes.WhenDrained().IsCompletedSuccessfully);
    }
}
