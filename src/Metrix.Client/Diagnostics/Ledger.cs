namespace Metrix.Client.Diagnostics;

/// <summary>
/// The books of one app: every recognised event is in exactly one state at every moment.
/// </summary>
/// <remarks>
/// One lock guards all numbers, so that a reader on any thread sees the equation
/// <c>recognised + recovered = pending + invalid + dropped + delivered + rejected + expired + abandoned</c> hold.
/// </remarks>
internal sealed class Ledger(string app)
{
    private readonly object _lock = new();
    private readonly long[] _ended = new long[Enum.GetValues<EventState>().Length];
    private long _recognised;
    private long _pending;
    private long _retries;

    /// <summary>The app's name, which is a tag of its instruments.</summary>
    public string App { get; } = app;

    /// <summary>Takes an event in: it is pending.</summary>
    public void Recognise()
    {
        lock (_lock)
        {
            _recognised++;
            _pending++;
        }

        Instruments.CountRecognised(App);
    }

    /// <summary>Ends a pending event.</summary>
    /// <param name="state">Where it ends.</param>
    /// <param name="reason">Why, from a small and fixed set: it becomes a tag.</param>
    public void End(EventState state, string? reason = null)
    {
        lock (_lock)
        {
            _pending--;
            _ended[(int)state]++;
        }

        Instruments.CountEnded(App, state, reason);
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

    /// <summary>All numbers, of one moment.</summary>
    public LedgerSnapshot Read()
    {
        lock (_lock)
        {
            return new LedgerSnapshot
            {
                Recognised = _recognised,
                Pending = _pending,
                Retries = _retries,
                Invalid = _ended[(int)EventState.Invalid],
                Dropped = _ended[(int)EventState.Dropped],
                Delivered = _ended[(int)EventState.Delivered],
                Rejected = _ended[(int)EventState.Rejected],
                Expired = _ended[(int)EventState.Expired],
                Abandoned = _ended[(int)EventState.Abandoned],
            };
        }
    }
}
