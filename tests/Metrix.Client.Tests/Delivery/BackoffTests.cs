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
    public void Of_an_event_it_lies_between_nothing_and_twice_the_last(int attempts, double mostSeconds)
    {
        var waits = Enumerable.Range(0, 200).Select(_ => Backoff.ForEvent(attempts).TotalSeconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 0, mostSeconds));
        Assert.Contains(waits, wait => wait < mostSeconds / 2);
        Assert.Contains(waits, wait => wait > mostSeconds / 2);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 7)]
    [InlineData(1_000, 7)]
    public void Of_a_probe_it_is_at_least_half(int failures, double mostSeconds)
    {
        for (var i = 0; i < 100; i++)
        {
            var wait = Backoff.ForProbe(failures, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7)).TotalSeconds;
            Assert.InRange(wait, mostSeconds / 2, mostSeconds);
        }
    }
}
