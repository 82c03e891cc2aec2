namespace Metrix.Client.Tests;

public class MetrixContextTests
{
    private static readonly MetrixIdentity Outer = new() { MetrixUserId = "outer" };
    private static readonly MetrixIdentity Inner = new() { MetrixUserId = "inner" };

    [Fact]
    public async Task It_flows_nests_and_is_restored()
    {
        Assert.Null(MetrixContext.Current);
        using (MetrixContext.BeginScope(Outer))
        {
            await Task.Yield();
            Assert.Same(Outer, MetrixContext.Current);
            using (MetrixContext.BeginScope(Inner))
            {
                Assert.Same(Inner, await Task.Run(() => MetrixContext.Current));
            }

            Assert.Same(Outer, MetrixContext.Current);
        }

        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public void Disposing_twice_restores_once()
    {
        var scope = MetrixContext.BeginScope(Outer);
        scope.Dispose();
        using (MetrixContext.BeginScope(Inner))
        {
            scope.Dispose();
            Assert.Same(Inner, MetrixContext.Current);
        }
    }

    [Fact]
    public void Closed_out_of_order_nobody_is_left_behind()
    {
        var outer = MetrixContext.BeginScope(Outer);
        var inner = MetrixContext.BeginScope(Inner);
        outer.Dispose();
        Assert.Same(Inner, MetrixContext.Current);

        inner.Dispose();
        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public async Task Work_that_goes_on_belongs_to_whom_it_was_started_for()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<MetrixIdentity?> work;
        using (MetrixContext.BeginScope(Outer))
        {
            work = Task.Run(async () =>
            {
                await ended.Task;
                return MetrixContext.Current;
            });
        }

        ended.SetResult();
        Assert.Same(Outer, await work);
    }

    [Fact]
    public async Task What_is_pushed_in_a_task_stays_in_it()
    {
        await Task.Run(() =>
        {
            MetrixContext.BeginScope(Inner);
        });

        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public void Nobody_cannot_be_pushed() => Assert.Throws<ArgumentNullException>(() => MetrixContext.BeginScope(null!));
}
