using Metrix.Client.Intake;

namespace Metrix.Client.Tests.Intake;

/// <summary>Tests the minimum of the thread pool while its threads wait. The pool belongs to the process.</summary>
[Collection("Thread pool")]
public class BlockedPoolThreadTests
{
    [Fact]
    public async Task The_minimum_is_raised_by_one_for_each_waiting_pool_thread()
    {
        var before = MinThreads();
        await OnPoolThread(() =>
        {
            using (BlockedPoolThread.Enter())
            {
                Assert.Equal(before + 1, MinThreads());
                OnPoolThread(() =>
                {
                    using (BlockedPoolThread.Enter())
                        Assert.Equal(before + 2, MinThreads());
                }).GetAwaiter().GetResult();
                Assert.Equal(before + 1, MinThreads());
            }
        });

        Assert.Equal(before, MinThreads());
    }

    [Fact]
    public void Another_thread_does_not_change_the_minimum()
    {
        var before = MinThreads();
        var during = 0;
        var thread = new Thread(() =>
        {
            using (BlockedPoolThread.Enter())
                during = MinThreads();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(before, during);
    }

    [Theory]
    [InlineData(+20)]
    [InlineData(-1)]
    public async Task The_value_that_the_application_sets_meanwhile_remains(int change)
    {
        var before = MinThreads();
        SetMinThreads(before + 5);
        try
        {
            await OnPoolThread(() =>
            {
                using (BlockedPoolThread.Enter())
                {
                    SetMinThreads(before + 5 + change);
                    using (BlockedPoolThread.Enter())
                        Assert.Equal(before + 5 + change + 2, MinThreads());
                }
            });

            Assert.Equal(before + 5 + change, MinThreads());
        }
        finally
        {
            SetMinThreads(before);
        }
    }

    [Fact]
    public async Task The_minimum_is_not_raised_above_the_maximum()
    {
        var before = MinThreads();
        ThreadPool.GetMaxThreads(out var max, out _);
        SetMinThreads(max);
        try
        {
            await OnPoolThread(() =>
            {
                using (BlockedPoolThread.Enter())
                    Assert.Equal(max, MinThreads());
            });

            Assert.Equal(max, MinThreads());
        }
        finally
        {
            SetMinThreads(before);
        }
    }

    private static Task OnPoolThread(Action action) => Task.Run(action);

    private static int MinThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }

    private static void SetMinThreads(int workers)
    {
        ThreadPool.GetMinThreads(out _, out var ports);
        Assert.True(ThreadPool.SetMinThreads(workers, ports));
    }
}
