using Metrix.Client.Delivery;
using Metrix.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Delivery;

public class EndpointGateTests
{
    private static readonly SendOutcome Unavailable = new(SendOutcomeKind.Unavailable, "503");
    private static readonly SendOutcome Unreachable = new(SendOutcomeKind.Unreachable, "connection");
    private static readonly SendOutcome Misconfigured = new(SendOutcomeKind.Misconfigured, "401");
    private static readonly SendOutcome AskedToWait = new(SendOutcomeKind.Unavailable, "429", TimeSpan.FromSeconds(40));

    private readonly FakeTimeProvider _clock = new();
    private readonly EndpointGate _gate;

    public EndpointGateTests() => _gate = new EndpointGate(_clock);

    [Fact]
    public void Open_it_lets_all_pass()
    {
        Assert.Equal(64, _gate.AllowedConcurrency(64));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(_gate.TryPass(out int _)));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void Five_failures_in_a_row_close_it()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(GateChange.None, Fail(Unavailable));
        Assert.Equal(64, _gate.AllowedConcurrency(64));

        Assert.Equal(GateChange.Closed, Fail(Unavailable));
        AssertClosed();
    }

    [Fact]
    public void A_success_between_them_begins_the_row_anew()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
                Assert.Equal(GateChange.None, Fail(Unavailable));
            Assert.Equal(GateChange.None, _gate.Succeed());
        }

        Assert.Equal(64, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void One_that_cannot_be_reached_closes_it_at_once()
    {
        Assert.Equal(GateChange.Closed, Fail(Unreachable));
        AssertClosed();
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void One_that_is_misconfigured_closes_it_at_once_and_for_longer()
    {
        Assert.Equal(GateChange.Closed, Fail(Misconfigured));
        AssertClosed();
        AssertNextProbe(7.5, 15);
    }

    [Fact]
    public void One_that_asks_to_wait_because_of_the_event_perhaps_closes_it_only_with_others()
    {
        var asked = new SendOutcome(SendOutcomeKind.Unavailable, "503", TimeSpan.FromSeconds(40));
        foreach (var pass in Passes(4))
            Assert.Equal(GateChange.None, _gate.Fail(pass, asked));

        Assert.Equal(GateChange.Closed, Fail(asked));
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());
    }

    [Fact]
    public void Closing_it_waits_for_no_longer_than_a_second_whatever_is_asked()
    {
        _gate.RetryNow(isClosing: true);
        Assert.Equal(GateChange.Closed, Fail(AskedToWait));
        AssertNextProbe(0.5, 1);
        _gate.Fail(Probe(), Misconfigured);
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void One_that_asks_to_wait_closes_it_at_once_and_for_as_long()
    {
        Assert.Equal(GateChange.Closed, Fail(AskedToWait));
        AssertClosed();
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());

        _clock.Advance(TimeSpan.FromSeconds(40) - TimeSpan.FromTicks(1));
        AssertClosed();
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void Closed_it_lets_one_probe_pass_when_it_is_time()
    {
        Fail(Unreachable);
        AdvanceToProbe();

        Assert.Equal(1, _gate.AllowedConcurrency(64));
        Assert.True(_gate.TryPass(out _));
        AssertClosed();
        Assert.Null(_gate.NextProbe());
        _clock.Advance(TimeSpan.FromHours(1));
        AssertClosed();
    }

    [Fact]
    public void A_probe_that_succeeds_opens_it()
    {
        Fail(Unreachable);
        Probe();

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(64, _gate.AllowedConcurrency(64));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void A_probe_that_fails_closes_it_again_and_says_nothing_new()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.None, _gate.Fail(Probe(), Unavailable));
        AssertClosed();
        AssertNextProbe(1, 2);
    }

    [Fact]
    public void A_success_opens_it_before_the_probe_too()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(64, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void A_failure_from_before_it_closed_changes_nothing()
    {
        var passes = Passes(3);
        Assert.Equal(GateChange.Closed, _gate.Fail(passes[0], Unreachable));
        var next = _gate.NextProbe();

        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Misconfigured));
        Assert.Equal(next, _gate.NextProbe());
    }

    [Fact]
    public void A_failure_from_before_it_closed_does_not_end_the_probe()
    {
        var passes = Passes(2);
        _gate.Fail(passes[0], Unreachable);
        Probe();
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Null(_gate.NextProbe());

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Equal(64, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void After_it_opened_the_row_of_failures_begins_anew()
    {
        Fail(Unreachable);
        Probe();
        _gate.Succeed();

        for (var i = 0; i < 4; i++)
            Assert.Equal(GateChange.None, Fail(Unavailable));
        Assert.Equal(GateChange.Closed, Fail(Unavailable));
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void Each_probe_that_fails_doubles_the_wait_up_to_half_a_minute()
    {
        Fail(Unreachable);
        foreach (var most in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            AssertNextProbe(most / 2.0, most);
            _gate.Fail(Probe(), Unreachable);
        }
    }

    [Fact]
    public void Each_probe_that_is_misconfigured_doubles_the_wait_up_to_five_minutes()
    {
        Fail(Misconfigured);
        foreach (var most in new[] { 15, 30, 60, 120, 240, 300, 300 })
        {
            AssertNextProbe(most / 2.0, most);
            _gate.Fail(Probe(), Misconfigured);
        }
    }

    [Theory]
    [InlineData(true, 0.5, 1)]
    [InlineData(false, 15, 30)]
    public void A_hurry_lets_a_probe_pass_now_and_only_when_closing_the_next_within_a_second(
        bool isClosing, double least, double most)
    {
        Fail(Unreachable);
        for (var i = 0; i < 8; i++)
            _gate.Fail(Probe(), Unreachable);
        AssertClosed();

        _gate.RetryNow(isClosing);
        Assert.True(_gate.TryPass(out var pass));
        _gate.Fail(pass, Unreachable);
        AssertNextProbe(least, most);
    }

    [Fact]
    public void A_hurry_heeds_what_the_server_asked_unless_it_closes()
    {
        Fail(AskedToWait);
        _gate.RetryNow(isClosing: false);
        AssertClosed();
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());

        _gate.RetryNow(isClosing: true);
        Assert.True(_gate.TryPass(out _));
    }

    [Fact]
    public void A_hurry_lets_no_second_probe_pass()
    {
        Fail(Unreachable);
        Probe();
        _gate.RetryNow(isClosing: true);

        AssertClosed();
    }

    private GateChange Fail(SendOutcome outcome)
    {
        Assert.True(_gate.TryPass(out var pass));
        return _gate.Fail(pass, outcome);
    }

    private int[] Passes(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        Assert.True(_gate.TryPass(out var pass));
        return pass;
    })];

    private void AdvanceToProbe() => _clock.Advance(_gate.NextProbe()!.Value);

    private int Probe()
    {
        AdvanceToProbe();
        Assert.True(_gate.TryPass(out var pass));
        return pass;
    }

    private void AssertClosed()
    {
        Assert.Equal(0, _gate.AllowedConcurrency(64));
        Assert.False(_gate.TryPass(out _));
    }

    private void AssertNextProbe(double leastSeconds, double mostSeconds) =>
        Assert.InRange(_gate.NextProbe()!.Value.TotalSeconds, leastSeconds, mostSeconds);
}
