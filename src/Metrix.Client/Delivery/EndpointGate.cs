using Metrix.Client.Outbox;
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
/// probe is due. <c>Probing</c>: the probe has passed, and no other request passes until its outcome is known. Only
/// time, or a flush, makes a probe due, and only the probe's success opens the gate. One lock; nothing is called under
/// it.
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

    // Incremented at each closing and each probe. The outcome of a request with an older pass is no news.
    private int _pass;

    // Since the start or the last closing.
    private bool _hasDelivered;

    // Whether there was a delivery between the last closing and the one before it.
    private bool _hadDelivered;

    // The number of deliveries, which tells whether there was one between two refusals of an event.
    private long _deliveries;

    // The event that was refused last, until another event is delivered.
    private QueuedEvent? _refused;

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

    /// <summary>
    /// Returns the number of requests that may start now. Requests that hang hold up neither a probe nor, below the
    /// limit, other requests.
    /// </summary>
    /// <param name="maxInFlight">The number of concurrent requests while the gate is open.</param>
    /// <param name="running">The number of requests that are running now.</param>
    public int StartableRequests(int maxInFlight, int running)
    {
        lock (_lock)
        {
            return _state switch
            {
                State.Open => Math.Max(0, maxInFlight - running),
                State.Closed when IsProbeDue_NeedsLock() => 1,
                _ => 0,
            };
        }
    }

    /// <summary>
    /// Asks to send one request. If allowed, <see cref="Succeed"/>, <see cref="Fail"/>, <see cref="TryBlameEvent"/> or
    /// <see cref="Withdraw"/> with the returned pass follows.
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

    /// <summary>
    /// Records that the server answered and works. The answer to a request from before the last closing changes
    /// nothing: the server may have asked to wait since then.
    /// </summary>
    /// <param name="pass">The pass of the request.</param>
    /// <param name="isDelivered">Whether the server accepted the event, or rejected it.</param>
    public GateChange Succeed(int pass, bool isDelivered)
    {
        lock (_lock)
        {
            if (pass != _pass)
                return GateChange.None;

            var wasOpen = _state == State.Open;
            _state = State.Open;
            _consecutiveFailures = 0;
            _consecutiveClosings = 0;
            if (isDelivered)
            {
                _hasDelivered = true;
                _deliveries++;
                _refused = null;
            }

            return wasOpen ? GateChange.None : GateChange.Opened;
        }
    }

    /// <summary>
    /// Records an answer that blames the settings, and decides whether this one event is to blame instead: others are
    /// delivered, and no other event was refused since.
    /// </summary>
    /// <returns>True if the event is to blame; false if the endpoint is, and <see cref="Fail"/> must follow.</returns>
    public bool TryBlameEvent(int pass, QueuedEvent queued)
    {
        lock (_lock)
        {
            if (pass != _pass || _state != State.Open || !_hasDelivered)
                return false;

            if (_refused is not null && _refused != queued)
                return false;

            _refused = queued;
            queued.CountRefusal(_deliveries);
            return true;
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
            if (wasOpen)
                _hadDelivered = _hasDelivered;
            _hasDelivered = false;
            _refused = null;
            _hasRetryAfter = outcome.RetryAfter is not null;
            _probeAt = clock.GetTimestamp() + Ticks(ProbeDelay_NeedsLock(outcome));
            return wasOpen ? GateChange.Closed : GateChange.None;
        }
    }

    /// <summary>
    /// Records that a request ended without saying anything about the endpoint. If it was a probe, one is due again.
    /// </summary>
    public void Withdraw(int pass)
    {
        lock (_lock)
        {
            if (pass == _pass && _state == State.Probing)
                _state = State.Closed;
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

        // After deliveries, something on the way may block some events, and the next one may pass.
        return outcome.Kind == SendOutcomeKind.Misconfigured
            ? Backoff.ForProbe(
                _consecutiveClosings,
                _hadDelivered ? FirstProbeDelay : FirstMisconfiguredProbeDelay,
                MaxMisconfiguredProbeDelay)
            : Backoff.ForProbe(_consecutiveClosings, FirstProbeDelay, MaxProbeDelay);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
