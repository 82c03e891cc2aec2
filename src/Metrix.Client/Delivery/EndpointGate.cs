using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>What an outcome did to a gate.</summary>
internal enum GateChange
{
    None,

    /// <summary>It was open, and is closed: the endpoint as a whole fails.</summary>
    Closed,

    /// <summary>It was closed, and is open again.</summary>
    Opened,
}

/// <summary>
/// Whether requests may go to the endpoint of one app. While the endpoint as a whole fails, one probe at a time goes out,
/// and not the backlog.
/// </summary>
/// <remarks>
/// Three states: <c>Open</c>: all may pass. <c>Closed</c>: none, until the time of the next probe. <c>Probing</c>: one
/// passed, and none until its outcome is known. A success opens it from any state. One lock, and nothing is called from
/// within it.
/// </remarks>
internal sealed class EndpointGate(TimeProvider clock)
{
    /// <summary>So many failures in a row, and no success between them, are the endpoint's and not the events'.</summary>
    private const int MaxConsecutiveFailures = 5;

    // A server that asks to be left alone after one answer of another kind may mean that event.
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

    // Raised at each closing and each probe: a failure of an older pass tells nothing new.
    private int _pass;

    private enum State
    {
        Open,
        Closed,
        Probing,
    }

    /// <summary>Whether the endpoint is well, as far as is known.</summary>
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

    /// <summary>How many requests may be under way at once now.</summary>
    /// <param name="max">How many when the endpoint is well.</param>
    public int AllowedConcurrency(int max)
    {
        lock (_lock)
        {
            return _state switch
            {
                State.Open => max,
                State.Closed when IsProbeDue() => 1,
                _ => 0,
            };
        }
    }

    /// <summary>
    /// Asks for one request to pass. <see cref="Succeed"/> follows, or <see cref="Fail"/> with the pass that is returned.
    /// </summary>
    public bool TryPass(out int pass)
    {
        lock (_lock)
        {
            pass = _pass;
            if (_state == State.Open)
                return true;

            if (_state != State.Closed || !IsProbeDue())
                return false;

            _state = State.Probing;
            pass = ++_pass;
            return true;
        }
    }

    /// <summary>The server answered and is well, whatever it said of the event.</summary>
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

    /// <summary>The attempt failed, and not for the event's sake.</summary>
    public GateChange Fail(int pass, SendOutcome outcome)
    {
        lock (_lock)
        {
            if (pass != _pass)
                return GateChange.None;

            var wasOpen = _state == State.Open;
            _consecutiveFailures++;
            var isEndpoints = outcome.Kind is SendOutcomeKind.Misconfigured or SendOutcomeKind.Unreachable
                || (outcome.Reason == TooManyRequests && outcome.RetryAfter is not null)
                || _consecutiveFailures >= MaxConsecutiveFailures;
            if (wasOpen && !isEndpoints)
                return GateChange.None;

            _state = State.Closed;
            _pass++;
            _consecutiveClosings++;
            _hasRetryAfter = outcome.RetryAfter is not null;
            _probeAt = clock.GetTimestamp() + Ticks(ProbeDelay(outcome));
            return wasOpen ? GateChange.Closed : GateChange.None;
        }
    }

    /// <summary>Lets a probe go now, unless the server asked to be left alone; what is closing cannot heed that.</summary>
    /// <param name="isClosing">Whether later ones come soon too: what is closing cannot wait for long.</param>
    public void RetryNow(bool isClosing)
    {
        lock (_lock)
        {
            _isDraining |= isClosing;
            if (!_hasRetryAfter || isClosing)
                _probeAt = clock.GetTimestamp();
        }
    }

    /// <summary>How long until a probe is due, or null when none is waited for.</summary>
    public TimeSpan? NextProbe()
    {
        lock (_lock)
        {
            return _state == State.Closed ? clock.GetElapsedTime(clock.GetTimestamp(), _probeAt) : null;
        }
    }

    private bool IsProbeDue() => clock.GetTimestamp() >= _probeAt;

    private TimeSpan ProbeDelay(SendOutcome outcome)
    {
        if (_isDraining)
            return Backoff.ForProbe(_consecutiveClosings, FirstProbeDelay, MaxDrainingProbeDelay);
        if (outcome.RetryAfter is { } asked)
            return asked;

        return outcome.Kind == SendOutcomeKind.Misconfigured
            ? Backoff.ForProbe(_consecutiveClosings, FirstMisconfiguredProbeDelay, MaxMisconfiguredProbeDelay)
            : Backoff.ForProbe(_consecutiveClosings, FirstProbeDelay, MaxProbeDelay);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
