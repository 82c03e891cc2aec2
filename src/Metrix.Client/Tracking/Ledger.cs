namespace Metrix.Client.Tracking;

/// <summary>
/// Accounts for the events of one app: every recognized event is in exactly one state at every moment.
/// </summary>
/// <remarks>
/// One lock guards all numbers. A reader on any thread therefore sees the equation hold:
/// <c>recognized + recovered = pending + invalid + dropped + delivered + rejected + expired + abandoned + kept</c>.
/// </remarks>
internal sealed class Ledger(string app, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly object _lock = new();
    private readonly long[] _ended = new long[Enum.GetValues<EventState>().Length];
    private int _reservedSlots;
    private int _retrying;
    private long _recognized;
    private long _recovered;
    private long _pending;
    private long _retries;

    // The start of the current wait without a delivery. Meaningless while nothing is pending.
    private long _stalledSince;
    private long? _lastInvalidAt;

    /// <summary>Gets the app's name, which is a tag of the instruments.</summary>
    public string App { get; } = app;

    /// <summary>Gets the number of events that count against the queue limit.</summary>
    public int ReservedSlots => Volatile.Read(ref _reservedSlots);

    /// <summary>Gets the number of pending events that failed at least once.</summary>
    public int Retrying => Volatile.Read(ref _retrying);

    /// <summary>Gets how long events have waited without a delivery. Zero if none waits.</summary>
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

    /// <summary>Gets the time since the last invalid event, or null if there was none.</summary>
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

    /// <summary>Reserves a slot of the queue.</summary>
    /// <returns>The number of reserved slots, including this one.</returns>
    public int ReserveSlot() => Interlocked.Increment(ref _reservedSlots);

    public void ReleaseSlot() => Interlocked.Decrement(ref _reservedSlots);

    public void AddRetrying(int count) => Interlocked.Add(ref _retrying, count);

    /// <summary>Counts a recognized event, which is now pending.</summary>
    public void Recognize()
    {
        lock (_lock)
        {
            _recognized++;
            if (_pending++ == 0)
                _stalledSince = _clock.GetTimestamp();
        }

        Instruments.CountRecognized(App);
    }

    /// <summary>Counts events that an earlier client left in a durable outbox. They are now pending.</summary>
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
    /// <param name="state">How they end.</param>
    /// <param name="reason">Why, out of a small fixed set, because it becomes a tag.</param>
    /// <param name="count">The number of events. Default 1.</param>
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

    /// <summary>Counts a failed attempt that will be repeated. The event stays pending.</summary>
    public void Retry(string reason)
    {
        lock (_lock)
        {
            _retries++;
        }

        Instruments.CountRetry(App, reason);
    }

    /// <summary>Returns all numbers, taken at one moment.</summary>
    public LedgerSnapshot Read()
    {
        lock (_lock)
        {
            return new LedgerSnapshot
            {
                Recognized = _recognized,
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
