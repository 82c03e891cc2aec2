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

    [Fact]
    public void A_flush_is_complete_when_its_events_ended_after_an_earlier_loss()
    {
        var lost = _flushes.Enter();
        _flushes.Leave(lost, isLost: true);
        Assert.True(_flushes.WhenDrained() is { IsCompleted: true, Result: true });

        var kept = _flushes.Enter();
        _flushes.Leave(_flushes.Enter(), isLost: true);
        var flush = _flushes.WhenDrained();
        _flushes.Leave(kept);
        Assert.True(flush is { IsCompleted: true, Result: true });
    }

    [Fact]
    public void A_flush_is_incomplete_when_one_of_its_events_is_lost_and_the_next_one_is_complete()
    {
        var first = _flushes.Enter();
        var other = _flushes.Enter();
        var early = _flushes.WhenDrained();
        _flushes.Leave(first, isLost: true);

        // It waits for the same remaining event, but the loss was before it.
        var late = _flushes.WhenDrained();
        Assert.NotSame(early, late);
        _flushes.Leave(other);
        Assert.True(early is { IsCompleted: true, Result: false });
        Assert.True(late is { IsCompleted: true, Result: true });
    }

    [Fact]
    public void A_loss_counts_for_every_flush_that_waits_for_the_event_and_for_no_other()
    {
        var first = _flushes.Enter();
        var flushOfFirst = _flushes.WhenDrained();
        var second = _flushes.Enter();
        var flushOfBoth = _flushes.WhenDrained();
        var third = _flushes.Enter();
        _flushes.Leave(second, isLost: true);
        var last = _flushes.WhenDrained();
        _flushes.Leave(first);
        _flushes.Leave(third);

        Assert.True(flushOfFirst is { IsCompleted: true, Result: true });
        Assert.True(flushOfBoth is { IsCompleted: true, Result: false });
        Assert.True(last is { IsCompleted: true, Result: true });
    }

    [Fact]
    public void Flushes_share_a_task_while_no_event_enters()
    {
        _flushes.Enter();
        var first = _flushes.WhenDrained();
        Assert.Same(first, _flushes.WhenDrained());

        // The event that entered meanwhile has ended, so there is nothing more to wait for.
        _flushes.Leave(_flushes.Enter());
        Assert.Same(first, _flushes.WhenDrained());
        _flushes.Enter();
        Assert.NotSame(first, _flushes.WhenDrained());
    }

    [Fact]
    public void Several_events_leave_at_once()
    {
        var generation = _flushes.Enter();
        Assert.Same(generation, _flushes.Enter());
        var drained = _flushes.WhenDrained();
        _flushes.Leave(generation, count: 2);

        Assert.True(drained.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_continuation_can_use_the_tracker_from_another_thread()
    {
        var entered = _flushes.Enter();
        var context = new BlockingContext(() => _flushes.Leave(_flushes.Enter()));
        var continued = ContinueOnAsync(context, _flushes.WhenDrained());
        var leaving = Task.Run(() => _flushes.Leave(entered));

        await leaving.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await continued;
        Assert.True(context.HasRun);
    }

    private static Task ContinueOnAsync(SynchronizationContext context, Task task)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            return ContinueAsync(task);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    private static async Task ContinueAsync(Task task) => await task;

    /// <summary>Posts a continuation only after another thread has run an action.</summary>
    private sealed class BlockingContext(Action action) : SynchronizationContext
    {
        public bool HasRun { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            var thread = new Thread(() => action());
            thread.Start();
            HasRun = thread.Join(TimeSpan.FromSeconds(10));
            ThreadPool.UnsafeQueueUserWorkItem(_ => d(state), null);
        }
    }
}
