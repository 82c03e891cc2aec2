namespace Metrix.Client.Tracking;

/// <summary>
/// The books of one app: every recognised event is in exactly one state at every moment.
/// </summary>
/// <remarks>
/// One lock guards all numbers, so that a reader on any thread sees the equation
/// <c>recognised + recovered = pending + invalid + dropped + delivered + rejected + expired + abandoned + kept</c> hold.
/// </remarks>
internal sealed class Ledger(string app, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly object _lock = new();
    private readonly long[] _ended = new long[Enum.GetValues<EventState>().Length];
    private int _held;
    private long _recognised;
    private long _recovered;
    private long _pending;
    private long _retries;

    // Since when events wait and none was delivered. It says nothing while none waits.
    private long _stalledSince;
    private long? _lastInvalidAt;

    /// <summary>The app's name, which is a tag of its instruments.</summary>
    public string App { get; } = app;

    /// <summary>How many events take room in memory.</summary>
    public int ReservedSlots => Volatile.Read(ref _held);

    /// <returns>How many take room with this one.</returns>
    public int ReserveSlot() => Interlocked.Increment(ref _held);

    public void ReleaseSlot() => Interlocked.Decrement(ref _held);

    /// <summary>Takes an event in: it is pending.</summary>
    public void Recognize()
    {
        lock (_lock)
        {
            _recognised++;
            if (_pending++ == 0)
                _stalledSince = _clock.GetTimestamp();
        }

        Instruments.CountRecognized(App);
    }

    /// <summary>Takes over what an earlier client left in a durable outbox: it is pending.</summary>
    public void Recover(long count)
    {
        lock (_lock)
        {
            if (_pending == 0)
                _stalledSince = _clock.GetTimestamp();
            _recovered += count;
            _pending += count;
        }

        Instruments.CountRecovered(App, count);
    }

    /// <summary>Ends pending events.</summary>
    /// <param name="state">Where they end.</param>
    /// <param name="reason">Why, from a small and fixed set: it becomes a tag.</param>
    /// <param name="count">How many. Default 1.</param>
    public void End(EventState state, string? reason = null, long count = 1)
    {
        lock (_lock)
        {
            _pending -= count;
            _ended[(int)state] += count;
            if (state == EventState.Delivered)
                _stalledSince = _clock.GetTimestamp();
            else if (state == EventState.Invalid)
                _lastInvalidAt = _clock.GetTimestamp();
        }

        Instruments.CountCompleted(App, state, reason, count);
    }

    /// <summary>Counts an attempt that failed and will be made again; the event stays pending.</summary>
    public void Retry(string reason)
    {
        lock (_lock)
        {
            _retries++;
        }

        Instruments.CountRetry(App, reason);
    }

    /// <summary>For how long events wait and none was delivered; zero while none waits.</summary>
    public TimeSpan StalledFor
    {
        get
        {
            lock (_lock)
            {
                return _pending == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(_stalledSince);
            }
        }
    }

    /// <summary>How long ago the last event was invalid, or null when none ever was.</summary>
    public TimeSpan? TimeSinceInvalid
    {
        get
        {
            lock (_lock)
            {
                return _lastInvalidAt is { } at ? _clock.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>All numbers, of one moment.</summary>
    public LedgerSnapshot Read()
    {
        lock (_lock)
        {
            return new LedgerSnapshot
            {
                Recognized = _recognised,
                Recovered = _recovered,
                Pending = _pending,
                Retries = _retries,
                Invalid = _ended[(int)EventState.Invalid],
                Dropped = _ended[(int)EventState.Dropped],
                Delivered = _ended[(int)EventState.Delivered],
                Rejected = _ended[(int)EventState.Rejected],
                Expired = _ended[(int)EventState.Expired],
                Abandoned = _ended[(int)EventState.Abandoned],
                Kept = _ended[(int)EventState.Kept],
            };
        }
    }
}
