using Metrix.Client.Delivery;

namespace Metrix.Client.Tests.Delivery;

public class BackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000, 60)]
    [InlineData(int.MaxValue, 60)]
    public void The_wait_of_an_event_is_random_up_to_a_limit_that_doubles(int attempts, double maxSeconds)
    {
        var waits = Enumerable.Range(0, 200).Select(_ => Backoff.ForEvent(attempts).TotalSeconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 0, maxSeconds));
        Assert.Contains(waits, wait => wait < maxSeconds / 2);
        Assert.Contains(waits, wait => wait > maxSeconds / 2);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 7)]
    [InlineData(1_000, 7)]
    public void The_wait_of_a_probe_is_at_least_half_of_a_limit_that_doubles(int failures, double maxSeconds)
    {
        for (var i = 0; i < 100; i++)
        {
            var wait = Backoff.ForProbe(failures, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7)).TotalSeconds;
            Assert.InRange(wait, maxSeconds / 2, maxSeconds);
        }
    }
}
