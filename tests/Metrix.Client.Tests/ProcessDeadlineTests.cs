using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests;

public class ProcessDeadlineTests
{
    private static readonly TimeSpan FlushTimeout = Seconds(8);

    private readonly FakeTimeProvider _clock = new();
    private readonly ProcessDeadline _deadline;

    public ProcessDeadlineTests() => _deadline = ProcessDeadline.Of(_clock);

    [Fact]
    public void The_first_close_has_its_own_time()
    {
        Assert.Equal(Seconds(8), Begin(Seconds(8)));
    }

    [Fact]
    public void A_later_close_has_the_time_that_is_left()
    {
        CloseAfter(Seconds(3));

        Assert.Equal(Seconds(5), Begin(Seconds(8)));
    }

    [Fact]
    public void A_close_that_runs_at_the_same_time_shares_the_deadline()
    {
        Begin(Seconds(8));
        _clock.Advance(Seconds(7));

        Assert.Equal(Seconds(1), Begin(Seconds(8)));
    }

    [Fact]
    public void A_later_close_keeps_its_own_time_when_that_is_shorter()
    {
        CloseAfter(Seconds(3));

        Assert.Equal(Seconds(2), Begin(Seconds(2)));
    }

    [Fact]
    public void A_longer_flush_timeout_does_not_extend_the_deadline()
    {
        CloseAfter(Seconds(3));

        Assert.Equal(Seconds(5), _deadline.Begin(_clock, Seconds(60), Seconds(60)));
    }

    [Fact]
    public void A_shorter_time_of_the_first_close_does_not_shorten_the_deadline()
    {
        Assert.Equal(TimeSpan.Zero, Begin(TimeSpan.Zero));
        _deadline.End(_clock);

        Assert.Equal(Seconds(8), Begin(Seconds(8)));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9.9)]
    public void A_close_has_no_time_when_a_close_before_it_has_used_the_time(double end)
    {
        Begin(Seconds(8));
        _clock.Advance(Seconds(8));
        _deadline.End(_clock);
        _clock.Advance(Seconds(end - 8));

        Assert.Equal(TimeSpan.Zero, Begin(Seconds(8)));
    }

    [Fact]
    public void A_close_that_runs_past_the_deadline_keeps_it_in_force()
    {
        Begin(Seconds(8));
        _clock.Advance(Seconds(9));

        Assert.Equal(TimeSpan.Zero, Begin(Seconds(8)));
    }

    [Fact]
    public void A_new_deadline_begins_two_seconds_after_the_last_one()
    {
        CloseAfter(Seconds(8));
        _clock.Advance(Seconds(2));

        Assert.Equal(Seconds(8), Begin(Seconds(8)));
        _clock.Advance(Seconds(1));
        Assert.Equal(Seconds(7), Begin(Seconds(8)));
    }

    [Fact]
    public void A_new_deadline_begins_after_the_last_one_when_no_close_reached_it()
    {
        CloseAfter(Seconds(1));
        _clock.Advance(Seconds(7));

        Assert.Equal(Seconds(8), Begin(Seconds(8)));
    }

    [Fact]
    public void Clients_with_different_clocks_do_not_share_a_deadline()
    {
        CloseAfter(Seconds(3));
        var other = new FakeTimeProvider();

        Assert.Equal(Seconds(8), ProcessDeadline.Of(other).Begin(other, FlushTimeout, FlushTimeout));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private TimeSpan Begin(TimeSpan timeout) => _deadline.Begin(_clock, FlushTimeout, timeout);

    private void CloseAfter(TimeSpan time)
    {
        Begin(FlushTimeout);
        _clock.Advance(time);
        _deadline.End(_clock);
    }
}
