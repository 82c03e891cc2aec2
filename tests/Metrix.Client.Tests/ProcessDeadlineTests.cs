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

    [Fact]
    public void A_close_has_no_time_right_after_a_close_that_used_all_of_it()
    {
        CloseAfter(Seconds(9));

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
    public void Used_time_is_given_back_while_no_client_closes()
    {
        CloseAfter(Seconds(8));
        _clock.Advance(Seconds(3));
        Assert.Equal(Seconds(3), Begin(Seconds(8)));
        _deadline.End(_clock);

        _clock.Advance(Seconds(5));
        Assert.Equal(Seconds(8), Begin(Seconds(8)));
    }

    [Theory]
    [InlineData(0.01, 0.08)]
    [InlineData(1, 1)]
    public void Loggers_that_close_quickly_again_and_again_have_their_whole_time(double duration, double pause)
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(Seconds(8), Begin(Seconds(8)));
            _clock.Advance(Seconds(duration));
            _deadline.End(_clock);
            _clock.Advance(Seconds(pause));
        }
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
