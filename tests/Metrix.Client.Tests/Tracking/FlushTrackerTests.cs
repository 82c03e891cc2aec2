using Metrix.Client.Tracking;

namespace Metrix.Client.Tests.Tracking;

public class FlushTrackerTests
{
    private readonly FlushTracker _flushes = new();

    [Fact]
    public void With_nothing_taken_in_all_is_settled() => Assert.True(_flushes.WhenDrained().IsCompletedSuccessfully);

    [Fact]
    public void It_is_settled_when_the_last_has_left()
    {
        var entered = new[] { _flushes.Enter(), _flushes.Enter() };
        var settled = _flushes.WhenDrained();
        _flushes.Leave(entered[0]);
        Assert.False(settled.IsCompleted);

        _flushes.Leave(entered[1]);
        Assert.True(settled.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_comes_later_holds_it_up_as_little_as_what_left_before()
    {
        _flushes.Leave(_flushes.Enter());
        var before = _flushes.Enter();
        var settled = _flushes.WhenDrained();
        var after = _flushes.Enter();
        _flushes.Leave(before);

        Assert.True(settled.IsCompletedSuccessfully);
        Assert.NotSame(before, after);
    }

    [Fact]
    public void A_later_flush_waits_for_what_an_earlier_one_waits_for()
    {
        var first = _flushes.Enter();
        var settledFirst = _flushes.WhenDrained();
        var second = _flushes.Enter();
        var settledSecond = _flushes.WhenDrained();
        _flushes.Leave(second);
        Assert.False(settledFirst.IsCompleted);
        Assert.False(settledSecond.IsCompleted);

        _flushes.Leave(first);
        Assert.True(settledFirst.IsCompletedSuccessfully);
        Assert.True(settledSecond.IsCompletedSuccessfully);
    }

    [Fact]
    public void Two_flushes_of_the_same_end_together()
    {
        var entered = _flushes.Enter();
        Task[] settled = [_flushes.WhenDrained(), _flushes.WhenDrained()];
        Assert.All(settled, task => Assert.False(task.IsCompleted));

        _flushes.Leave(entered);
        Assert.All(settled, task => Assert.True(task.IsCompletedSuccessfully));
    }

    [Fact]
    public void What_never_entered_leaves_without_harm() => _flushes.Leave(null);

    [Fact]
    public void Under_many_threads_every_flush_ends()
    {
        var settled = new System.Collections.Concurrent.ConcurrentBag<Task>();
        Parallel.For(0, 10_000, i =>
        {
            var entered = _flushes.Enter();
            if (i % 100 == 0)
                settled.Add(_flushes.WhenDrained());
            _flushes.Leave(entered);
        });

        Assert.All(settled, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.True(_flushes.WhenDrained().IsCompletedSuccessfully);
    }
}
