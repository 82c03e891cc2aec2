using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>Specifies how an outcome changed a gate.</summary>
internal enum GateChange
{
    None,

    /// <summary>The gate closed, because the endpoint fails as a whole.</summary>
    Closed,

    /// <summary>The gate opened again.</summary>
    Opened,
}

/// <summary>
/// Decides whether requests may be sent to the endpoint of one app. While the endpoint fails as a whole, one probe at a
/// time is sent instead of the backlog.
/// </summary>
/// <remarks>
/// A circuit breaker with three states. <c>Open</c>: every request passes. <c>Closed</c>: none passes until the next
/// probe is due. <c>Probing</c>: the probe has passed, and no other request passes until its outcome is known. A
/// success opens the gate from any state. One lock; nothing is called under it.
/// </remarks>
internal sealed class EndpointGate(TimeProvider clock)
{
    /// <summary>That many failures without a success between them are the endpoint's, not the events'.</summary>
    private const int MaxConsecutiveFailures = 5;

    // A Retry-After with another status may be about that event alone.
    private const string TooManyRequests = "429";

    private static readonly TimeSpan FirstProbeDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxProbeDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstMisconfiguredProbeDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxMisconfiguredProbeDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxDrainingProbeDelay = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private State _state;
    private long _probeAt;
    private int _consecutiveFailures;
    private int _consecutiveClosings;
    private bool _isDraining;
    private bool _hasRetryAfter;

    // Incremented at each closing and each probe. The failure of a request with an older pass is no news.
    private int _pass;

    private enum State
    {
        Open,
        Closed,
        Probing,
    }

    /// <summary>Gets whether the endpoint works, as far as is known.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _state == State.Open;
            }
        }
    }

    /// <summary>Returns the number of concurrent requests that are allowed now.</summary>
    /// <param name="max">The number while the gate is open.</param>
    public int AllowedConcurrency(int max)
    {
        lock (_lock)
        {
            return _state switch
            {
                State.Open => max,
                State.Closed when IsProbeDue_NeedsLock() => 1,
                _ => 0,
            };
        }
    }

    /// <summary>
    /// Asks to send one request. If allowed, <see cref="Succeed"/> or <see cref="Fail"/> with the returned pass
    /// follows.
    /// </summary>
    public bool TryPass(out int pass)
    {
        lock (_lock)
        {
            pass = _pass;
            if (_state == State.Open)
                return true;

            if (_state != State.Closed || !IsProbeDue_NeedsLock())
                return false;

            _state = State.Probing;
            pass = ++_pass;
            return true;
        }
    }

    /// <summary>Records that the server answered and works, whatever it said about the event.</summary>
    public GateChange Succeed()
    {
        lock (_lock)
        {
            var wasOpen = _state == State.Open;
            _state = State.Open;
            _consecutiveFailures = 0;
            _consecutiveClosings = 0;
            return wasOpen ? GateChange.None : GateChange.Opened;
        }
    }

    /// <summary>Records a failed request whose event is not to blame.</summary>
    public GateChange Fail(int pass, SendOutcome outcome)
    {
        lock (_lock)
        {
            if (pass != _pass)
                return GateChange.None;

            var wasOpen = _state == State.Open;
            _consecutiveFailures++;
            var isEndpointFailure = outcome.Kind is SendOutcomeKind.Misconfigured or SendOutcomeKind.Unreachable
                || (outcome.Reason == TooManyRequests && outcome.RetryAfter is not null)
                || _consecutiveFailures >= MaxConsecutiveFailures;
            if (wasOpen && !isEndpointFailure)
                return GateChange.None;

            _state = State.Closed;
            _pass++;
            _consecutiveClosings++;
            _hasRetryAfter = outcome.RetryAfter is not null;
            _probeAt = clock.GetTimestamp() + Ticks(ProbeDelay_NeedsLock(outcome));
            return wasOpen ? GateChange.Closed : GateChange.None;
        }
    }

    /// <summary>
    /// Makes the next probe due now. A server's <c>Retry-After</c> is honored, except while the client closes, which
    /// cannot wait that long.
    /// </summary>
    /// <param name="isClosing">Whether the client closes. Later probes are then due soon, too.</param>
    public void RetryNow(bool isClosing)
    {
        lock (_lock)
        {
            _isDraining |= isClosing;
            if (!_hasRetryAfter || isClosing)
                _probeAt = clock.GetTimestamp();
        }
    }

    /// <summary>Returns how long until a probe is due, or null if none is.</summary>
    public TimeSpan? NextProbe()
    {
        lock (_lock)
        {
            return _state == State.Closed ? clock.GetElapsedTime(clock.GetTimestamp(), _probeAt) : null;
        }
    }

    private bool IsProbeDue_NeedsLock() => clock.GetTimestamp() >= _probeAt;

    private TimeSpan ProbeDelay_NeedsLock(SendOutcome outcome)
    {
        if (_isDraining)
            return Backoff.ForProbe(_consecutiveClosings, FirstProbeDelay, MaxDrainingProbeDelay);
        if (outcome.RetryAfter is { } retryAfter)
            return retryAfter;

        return outcome.Kind == SendOutcomeKind.Misconfigured
            ? Backoff.ForProbe(_consecutiveClosings, FirstMisconfiguredProbeDelay, MaxMisconfiguredProbeDelay)
            : Backoff.ForProbe(_consecutiveClosings, FirstProbeDelay, MaxProbeDelay);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
