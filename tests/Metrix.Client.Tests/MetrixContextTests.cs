namespace Metrix.Client.Tests;

public class MetrixContextTests
{
    private static readonly MetrixIdentity Outer = new() { MetrixUserId = "outer" };
    private static readonly MetrixIdentity Inner = new() { MetrixUserId = "inner" };

    [Fact]
    public async Task The_current_identity_flows_nests_and_is_restored()
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
    public void Disposing_a_scope_twice_restores_the_outer_identity_once()
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
    public void Scopes_disposed_out_of_order_leave_no_current_identity()
    {
        var outer = MetrixContext.BeginScope(Outer);
        var inner = MetrixContext.BeginScope(Inner);
        outer.Dispose();
        Assert.Same(Inner, MetrixContext.Current);

        inner.Dispose();
        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public async Task Work_that_outlives_its_scope_keeps_the_identity()
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
    public async Task A_scope_begun_in_a_task_does_not_leak_to_the_caller()
    {
        await Task.Run(() =>
        {
            MetrixContext.BeginScope(Inner);
        });

        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public void BeginScope_throws_when_the_identity_is_null() =>
        Assert.Throws<ArgumentNullException>(() => MetrixContext.BeginScope(null!));
}
