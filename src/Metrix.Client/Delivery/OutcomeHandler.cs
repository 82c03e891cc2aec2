using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// Decides what an outcome means: for the event, which ends or is returned to the outbox, and for the endpoint.
/// </summary>
internal sealed class OutcomeHandler(IOutbox outbox, EndpointGate gate, DeliveryMessages messages)
{
    // An event that is refused alone is not sent again after that many refusals, each after another delivery.
    private const int MaxRefusals = 5;

    // A server that interrupts an event more often is treated as one that fails.
    private const int MaxImmediateAttempts = 3;

    private static readonly TimeSpan MaxDrainingRetryDelay = TimeSpan.FromSeconds(1);

    private volatile bool _isDraining;

    /// <summary>Makes later retries due soon, because the client closes.</summary>
    public void OnClosing() => _isDraining = true;

    /// <summary>Handles the outcome of an event.</summary>
    /// <param name="queued">The event.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="pass">The gate's pass of the request.</param>
    /// <param name="isStopped">Whether delivery has stopped, and the request may have been canceled.</param>
    /// <returns>How the gate changed.</returns>
    public GateChange Handle(QueuedEvent queued, SendOutcome outcome, int pass, bool isStopped)
    {
        switch (outcome.Kind)
        {
            case SendOutcomeKind.Delivered:
                return Deliver(queued, pass);
            case SendOutcomeKind.Rejected:
                return Reject(queued, outcome, pass);
        }

        // A request that was canceled by closing is neither a failure of the endpoint nor a retry.
        if (isStopped)
        {
            outbox.Release(queued, TimeSpan.Zero);
            return GateChange.None;
        }

        // The caller of an audited event may have stopped waiting for it. It is then not sent again.
        if (!queued.HasEnded)
            queued.Ledger.Retry(outcome.Reason);
        queued.BeginRetrying();
        return outcome.Kind switch
        {
            SendOutcomeKind.Misconfigured when gate.TryBlameEvent(pass, queued) => Refuse(queued, outcome),
            SendOutcomeKind.Interrupted when queued.Attempts <= MaxImmediateAttempts => SendAgain(queued, pass),
            _ => Retry(queued, outcome, pass),
        };
    }

    /// <summary>Ends an event that could not be delivered in time.</summary>
    public void Expire(QueuedEvent queued) =>
        queued.TryEnd(outbox, EventState.Expired, null, messages.Expired);

    // Messages are queued before the end of the event, because with it a flush may return and the client close.
    private GateChange Deliver(QueuedEvent queued, int pass)
    {
        var change = OnAnswer(queued, pass, isDelivered: true);
        queued.TryEnd(outbox, EventState.Delivered, null, null);
        return change;
    }

    private GateChange Reject(QueuedEvent queued, SendOutcome outcome, int pass)
    {
        var change = OnAnswer(queued, pass, isDelivered: false);
        End(queued, outcome, rejected => messages.Rejected(rejected, outcome));
        return change;
    }

    private GateChange OnAnswer(QueuedEvent queued, int pass, bool isDelivered)
    {
        var change = gate.Succeed(pass, isDelivered);
        queued.EndRetrying();
        if (change == GateChange.Opened)
            messages.Resumed();
        else if (gate.IsOpen && queued.Ledger.Retrying == 0)
            messages.Recovered();
        return change;
    }

    private GateChange Refuse(QueuedEvent queued, SendOutcome outcome)
    {
        if (queued.Refusals >= MaxRefusals)
        {
            End(queued, outcome, refused => messages.RefusedAlone(refused, outcome, MaxRefusals));
        }
        else
        {
            outbox.Release(queued, RetryDelay(queued, outcome));
            messages.Refusing(outcome);
        }

        return GateChange.None;
    }

    private GateChange SendAgain(QueuedEvent queued, int pass)
    {
        gate.Withdraw(pass);
        outbox.Release(queued, TimeSpan.Zero);
        return GateChange.None;
    }

    private GateChange Retry(QueuedEvent queued, SendOutcome outcome, int pass)
    {
        // The gate comes first, so that another worker does not lease the event before the gate closes.
        var change = gate.Fail(pass, outcome);
        outbox.Release(queued, RetryDelay(queued, outcome));
        if (gate.IsOpen)
            messages.Failing(outcome);
        else
            messages.Paused(outcome);
        return change;
    }

    private TimeSpan RetryDelay(QueuedEvent queued, SendOutcome outcome)
    {
        // The gate alone decides when an event that is not to blame is sent again.
        if (outcome.Kind == SendOutcomeKind.Misconfigured && queued.Refusals == 0)
            return TimeSpan.Zero;

        // One that is to blame waits at least a little, so that another event is delivered in between.
        var delay = outcome.RetryAfter ??
            (queued.Refusals == 0 ? Backoff.ForEvent(queued.Attempts) : Backoff.ForRefused(queued.Attempts));
        return _isDraining && delay > MaxDrainingRetryDelay ? MaxDrainingRetryDelay : delay;
    }

    private void End(QueuedEvent queued, SendOutcome outcome, Func<QueuedEvent, string> compose) =>
        queued.TryEnd(outbox, EventState.Rejected, outcome.Reason, compose, outcome.Answer);
}
