using Metrix.Client.Delivery;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;
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
        Assert.Equal(64, _gate.StartableRequests(64, running: 0));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(_gate.TryPass(out int _)));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void Five_consecutive_failures_pause_delivery()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(GateChange.None, Fail(Unavailable));
        Assert.Equal(64, _gate.StartableRequests(64, running: 0));

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
            Assert.Equal(GateChange.None, Succeed());
        }

        Assert.Equal(64, _gate.StartableRequests(64, running: 0));
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
    public void A_misconfigured_endpoint_that_delivered_before_is_probed_soon()
    {
        Succeed();
        Assert.Equal(GateChange.Closed, Fail(Misconfigured));
        AssertNextProbe(0.5, 1);
        _gate.Fail(PassProbe(), Misconfigured);
        AssertNextProbe(1, 2);

        _gate.Succeed(PassProbe(), isDelivered: false);
        Assert.Equal(GateChange.Closed, Fail(Misconfigured));
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
        Assert.Equal(1, _gate.StartableRequests(64, running: 0));
    }

    [Fact]
    public void A_paused_gate_lets_one_probe_pass_when_it_is_due()
    {
        Fail(Unreachable);
        AdvanceToProbe();

        Assert.Equal(1, _gate.StartableRequests(64, running: 0));
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

        Assert.Equal(GateChange.Opened, _gate.Succeed(PassProbe(), isDelivered: true));
        Assert.Equal(64, _gate.StartableRequests(64, running: 0));
        Assert.Null(_gate.NextProbe());
    }

    [Fact]
    public void A_rejected_probe_resumes_delivery()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.Opened, _gate.Succeed(PassProbe(), isDelivered: false));
        Assert.True(_gate.IsOpen);
    }

    [Fact]
    public void A_failed_probe_keeps_delivery_paused_and_reports_no_change()
    {
        Fail(Unreachable);

        Assert.Equal(GateChange.None, _gate.Fail(PassProbe(), Unavailable));
        AssertPaused();
        AssertNextProbe(1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_success_of_a_request_that_passed_before_delivery_paused_has_no_effect(bool isProbeRunning)
    {
        var passes = Passes(2);
        _gate.Fail(passes[0], TooManyRequests);
        if (isProbeRunning)
            PassProbe();

        Assert.Equal(GateChange.None, _gate.Succeed(passes[1], isDelivered: true));
        AssertPaused();
        Assert.Equal(isProbeRunning ? null : TimeSpan.FromSeconds(40), _gate.NextProbe());
    }

    [Fact]
    public void Running_requests_leave_room_for_as_many_requests_as_are_missing_to_the_limit()
    {
        Assert.Equal(63, _gate.StartableRequests(64, running: 1));
        Assert.Equal(0, _gate.StartableRequests(64, running: 64));
        Assert.Equal(0, _gate.StartableRequests(64, running: 65));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    public void Running_requests_do_not_hold_up_a_probe(int running)
    {
        Fail(Unreachable);
        AdvanceToProbe();

        Assert.Equal(1, _gate.StartableRequests(64, running));
    }

    [Fact]
    public void A_withdrawn_probe_is_due_again()
    {
        Fail(Unreachable);
        var pass = PassProbe();
        _gate.Withdraw(pass);

        Assert.Equal(1, _gate.StartableRequests(64, running: 0));
        Assert.Equal(GateChange.Opened, _gate.Succeed(PassProbe(), isDelivered: true));
    }

    [Fact]
    public void Withdrawing_a_request_that_is_not_the_probe_has_no_effect()
    {
        var passes = Passes(2);
        _gate.Withdraw(passes[0]);
        Assert.True(_gate.IsOpen);

        _gate.Fail(passes[0], Unreachable);
        PassProbe();
        _gate.Withdraw(passes[1]);
        AssertPaused();
    }

    [Fact]
    public void A_refusal_blames_the_endpoint_until_an_event_was_delivered()
    {
        var queued = Queued();
        Assert.False(Refuse(queued));
        Succeed(isDelivered: false);
        Assert.False(Refuse(queued));
        Assert.Equal(0, queued.Refusals);

        Succeed();
        Assert.True(Refuse(queued));
        Assert.Equal(1, queued.Refusals);
    }

    [Fact]
    public void A_refusal_blames_the_endpoint_after_a_pause_until_an_event_was_delivered()
    {
        Succeed();
        Fail(Unreachable);
        _gate.Succeed(PassProbe(), isDelivered: false);
        Assert.False(Refuse(Queued()));

        Succeed();
        Assert.True(Refuse(Queued()));
    }

    [Fact]
    public void A_refusal_blames_the_endpoint_when_another_event_was_refused_since_the_last_delivery()
    {
        var (first, second) = (Queued(), Queued());
        Succeed();
        Assert.True(Refuse(first));
        Assert.True(Refuse(first));
        Assert.False(Refuse(second));

        Succeed();
        Assert.True(Refuse(second));
    }

    [Fact]
    public void A_refused_probe_blames_the_endpoint()
    {
        Succeed();
        Fail(Unreachable);

        Assert.False(_gate.TryBlameEvent(PassProbe(), Queued()));
    }

    [Fact]
    public void The_refusal_of_a_request_that_passed_before_delivery_paused_blames_no_event()
    {
        Succeed();
        var pass = Passes(1)[0];
        Fail(Unreachable);
        _gate.Succeed(PassProbe(), isDelivered: true);

        Assert.False(_gate.TryBlameEvent(pass, Queued()));
    }

    [Fact]
    public void A_refusal_counts_only_after_another_delivery()
    {
        var queued = Queued();
        for (var expected = 1; expected <= 5; expected++)
        {
            Succeed();
            for (var i = 0; i < 3; i++)
                Assert.True(Refuse(queued));
            Assert.Equal(expected, queued.Refusals);
        }
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
        var probe = PassProbe();
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Null(_gate.NextProbe());

        Assert.Equal(GateChange.Opened, _gate.Succeed(probe, isDelivered: true));
        Assert.Equal(GateChange.None, _gate.Fail(passes[1], Unreachable));
        Assert.Equal(64, _gate.StartableRequests(64, running: 0));
    }

    [Fact]
    public void Resuming_delivery_resets_the_number_of_consecutive_failures()
    {
        Fail(Unreachable);
        _gate.Succeed(PassProbe(), isDelivered: true);

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

    private GateChange Succeed(bool isDelivered = true)
    {
        Assert.True(_gate.TryPass(out var pass));
        return _gate.Succeed(pass, isDelivered);
    }

    private bool Refuse(QueuedEvent queued)
    {
        Assert.True(_gate.TryPass(out var pass));
        return _gate.TryBlameEvent(pass, queued);
    }

    private static QueuedEvent Queued() => TestData.Queued(TestData.App());

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
        Assert.Equal(0, _gate.StartableRequests(64, running: 0));
        Assert.False(_gate.TryPass(out _));
    }

    private void AssertNextProbe(double minSeconds, double maxSeconds) =>
        Assert.InRange(_gate.NextProbe()!.Value.TotalSeconds, minSeconds, maxSeconds);
}
