using Metrix.Client.Delivery;
using Metrix.Client.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Delivery;

public class EndpointGateTests
{
    private static readonly SendOutcome Unavailable = new(SendOutcomeKind.Unavailable, "503");
    private static readonly SendOutcome Unreachable = new(SendOutcomeKind.Unreachable, "connection");
    private static readonly SendOutcome Misconfigured = new(SendOutcomeKind.Misconfigured, "401");
    private static readonly SendOutcome TooManyRequests =
        new(SendOutcomeKind.Unavailable, "429", TimeSpan.FromSeconds(40));

    private readonly FakeTimeProvider _clock = new();
    private readonly EndpointGate _gate;

    public EndpointGateTests() => _gate = new EndpointGate(_clock);

    [Fact]
    public void A_new_gate_lets_every_request_pass()
    {
        Assert.Equal(64, _gate.AllowedConcurrency(64));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(_gate.TryPass(out int _)));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void Five_consecutive_failures_pause_delivery()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(GateChange.None, Fail(Unavailable));
        Assert.Equal(64, _gate.AllowedConcurrency(64));

        Assert.Equal(GateChange.Closed, Fail(Unavailable));
        AssertPaused();
    }

    [Fact]
    public void A_success_resets_the_number_of_consecutive_failures()
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
    public void An_unreachable_endpoint_pauses_delivery_immediately()
    {
        Assert.Equal(GateChange.Closed, Fail(Unreachable));
        AssertPaused();
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void A_misconfigured_endpoint_pauses_delivery_immediately_and_for_longer()
    {
        Assert.Equal(GateChange.Closed, Fail(Misconfigured));
        AssertPaused();
        AssertNextProbe(7.5, 15);
    }

    [Fact]
    public void A_503_with_Retry_After_pauses_delivery_only_after_five_failures()
    {
        var unavailable = new SendOutcome(SendOutcomeKind.Unavailable, "503", TimeSpan.FromSeconds(40));
        foreach (var pass in Passes(4))
            Assert.Equal(GateChange.None, _gate.Fail(pass, unavailable));

        Assert.Equal(GateChange.Closed, Fail(unavailable));
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());
    }

    [Fact]
    public void A_probe_waits_at_most_a_second_while_the_client_closes()
    {
        _gate.RetryNow(isClosing: true);
        Assert.Equal(GateChange.Closed, Fail(TooManyRequests));
        AssertNextProbe(0.5, 1);
        _gate.Fail(PassProbe(), Misconfigured);
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void A_429_with_Retry_After_pauses_delivery_immediately_and_for_that_time()
    {
        Assert.Equal(GateChange.Closed, Fail(TooManyRequests));
        AssertPaused();
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());

        _clock.Advance(TimeSpan.FromSeconds(40) - TimeSpan.FromTicks(1));
        AssertPaused();
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void A_paused_gate_lets_one_probe_pass_when_it_is_due()
    {
        Fail(Unreachable);
        AdvanceToProbe();

        Assert.Equal(1, _gate.AllowedConcurrency(64));
        Assert.True(_gate.TryPass(out _));
        AssertPaused();
        Assert.Null(_gate.NextProbe());
        _clock.Advance(TimeSpan.FromHours(1));
        AssertPaused();
    }

    [Fact]
    public void A_successful_probe_resumes_delivery()
    {
        Fail(Unreachable);
        PassProbe();

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(64, _gate.AllowedConcurrency(64));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void A_failed_probe_keeps_delivery_paused_and_reports_no_change()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.None, _gate.Fail(PassProbe(), Unavailable));
        AssertPaused();
        AssertNextProbe(1, 2);
    }

    [Fact]
    public void A_success_before_the_probe_resumes_delivery()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(64, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void A_failure_of_a_request_that_passed_before_delivery_paused_has_no_effect()
    {
        var passes = Passes(3);
        Assert.Equal(GateChange.Closed, _gate.Fail(passes[0], Unreachable));
        var next = _gate.NextProbe();

        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Misconfigured));
        Assert.Equal(next, _gate.NextProbe());
    }

    [Fact]
    public void A_failure_of_a_request_that_passed_before_delivery_paused_does_not_end_the_probe()
    {
        var passes = Passes(2);
        _gate.Fail(passes[0], Unreachable);
        PassProbe();
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Null(_gate.NextProbe());

        Assert.Equal(GateChange.Opened, _gate.Succeed());
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Equal(64, _gate.AllowedConcurrency(64));
    }

    [Fact]
    public void Resuming_delivery_resets_the_number_of_consecutive_failures()
    {
        Fail(Unreachable);
        PassProbe();
        _gate.Succeed();

        for (var i = 0; i < 4; i++)
            Assert.Equal(GateChange.None, Fail(Unavailable));
        Assert.Equal(GateChange.Closed, Fail(Unavailable));
        AssertNextProbe(0.5, 1);
    }

    [Fact]
    public void Each_failed_probe_doubles_the_wait_up_to_thirty_seconds()
    {
        Fail(Unreachable);
        foreach (var maxSeconds in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            AssertNextProbe(maxSeconds / 2.0, maxSeconds);
            _gate.Fail(PassProbe(), Unreachable);
        }
    }

    [Fact]
    public void Each_misconfigured_probe_doubles_the_wait_up_to_five_minutes()
    {
        Fail(Misconfigured);
        foreach (var maxSeconds in new[] { 15, 30, 60, 120, 240, 300, 300 })
        {
            AssertNextProbe(maxSeconds / 2.0, maxSeconds);
            _gate.Fail(PassProbe(), Misconfigured);
        }
    }

    [Theory]
    [InlineData(true, 0.5, 1)]
    [InlineData(false, 15, 30)]
    public void RetryNow_makes_a_probe_due_and_shortens_the_next_wait_only_while_closing(
        bool isClosing, double minSeconds, double maxSeconds)
    {
        Fail(Unreachable);
        for (var i = 0; i < 8; i++)
            _gate.Fail(PassProbe(), Unreachable);
        AssertPaused();

        _gate.RetryNow(isClosing);
        Assert.True(_gate.TryPass(out var pass));
        _gate.Fail(pass, Unreachable);
        AssertNextProbe(minSeconds, maxSeconds);
    }

    [Fact]
    public void RetryNow_respects_the_Retry_After_of_the_server_unless_the_client_closes()
    {
        Fail(TooManyRequests);
        _gate.RetryNow(isClosing: false);
        AssertPaused();
        Assert.Equal(TimeSpan.FromSeconds(40), _gate.NextProbe());

        _gate.RetryNow(isClosing: true);
        Assert.True(_gate.TryPass(out _));
    }

    [Fact]
    public void RetryNow_does_not_let_a_second_probe_pass()
    {
        Fail(Unreachable);
        PassProbe();
        _gate.RetryNow(isClosing: true);

        AssertPaused();
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

    private int PassProbe()
    {
        AdvanceToProbe();
        Assert.True(_gate.TryPass(out var pass));
        return pass;
    }

    private void AssertPaused()
    {
        Assert.Equal(0, _gate.AllowedConcurrency(64));
        Assert.False(_gate.TryPass(out _));
    }

    private void AssertNextProbe(double minSeconds, double maxSeconds) =>
        Assert.InRange(_gate.NextProbe()!.Value.TotalSeconds, minSeconds, maxSeconds);
}
