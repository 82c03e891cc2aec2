namespace Metrix.Client.Tests;

public class MetrixContextTests
{
    private static readonly MetrixIdentity Outer = new() { MetrixUserId = "outer" };
    private static readonly MetrixIdentity Inner = new() { MetrixUserId = "inner" };

    [Fact]
    public async Task It_flows_nests_and_is_restored()
    {
        Assert.Null(MetrixContext.Current);
        using (MetrixContext.Push(Outer))
        {
            await Task.Yield();
            Assert.Same(Outer, MetrixContext.Current);
            using (MetrixContext.Push(Inner))
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
        var scope = MetrixContext.Push(Outer);
        scope.Dispose();
        using (MetrixContext.Push(Inner))
        {
            scope.Dispose();
            Assert.Same(Inner, MetrixContext.Current);
        }
    }

    [Fact]
    public async Task What_is_pushed_in_a_task_stays_in_it()
    {
        await Task.Run(() =>
        {
            MetrixContext.Push(Inner);
        });

        Assert.Null(MetrixContext.Current);
    }

    [Fact]
    public void Nobody_cannot_be_pushed() => Assert.Throws<ArgumentNullException>(() => MetrixContext.Push(null!));
}
