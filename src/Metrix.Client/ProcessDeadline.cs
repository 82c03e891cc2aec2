using System.Runtime.CompilerServices;

namespace Metrix.Client;

/// <summary>
/// Limits how long all clients of the process may take together to close. A container is killed after a grace period,
/// however many loggers and providers it closes one after the other.
/// </summary>
/// <remarks>
/// Each clock has its own deadline, because times of different clocks cannot be compared. Applications use the system
/// clock.
/// </remarks>
internal sealed class ProcessDeadline
{
    // A close that begins that soon after a close that reached the deadline is part of the same shutdown.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    private static readonly ConditionalWeakTable<TimeProvider, ProcessDeadline> ByClock = [];

    private readonly object _lock = new();
    private bool _hasDeadline;
    private long _startedAt;
    private TimeSpan _limit;
    private long _lastCloseAt;
    private int _closing;

    /// <summary>
    /// Gets or sets whether clients share the deadline. Tests that run in parallel in one process turn it off.
    /// </summary>
    public bool IsShared { get; set; } = true;

    /// <summary>Returns the deadline of all clients that use a clock.</summary>
    public static ProcessDeadline Of(TimeProvider clock) => ByClock.GetValue(clock, static _ => new ProcessDeadline());

    /// <summary>
    /// Begins a close. The first one sets the deadline; those that begin while it is in force share it.
    /// </summary>
    /// <param name="clock">The clock of this deadline.</param>
    /// <param name="flushTimeout">The setting of the client, which sets the deadline.</param>
    /// <param name="timeout">The time that this close may take at most.</param>
    /// <returns>The time that this close may take. Zero if the deadline has passed.</returns>
    public TimeSpan Begin(TimeProvider clock, TimeSpan flushTimeout, TimeSpan timeout)
    {
        lock (_lock)
        {
            _closing++;
            var now = clock.GetTimestamp();
            if (!IsInForce_NeedsLock(clock, now))
                (_hasDeadline, _startedAt, _limit) = (true, now, flushTimeout);
            var left = _limit - clock.GetElapsedTime(_startedAt, now);
            if (left < TimeSpan.Zero)
                return TimeSpan.Zero;

            return left < timeout ? left : timeout;
        }
    }

    /// <summary>Ends a close that <see cref="Begin"/> began.</summary>
    public void End(TimeProvider clock)
    {
        lock (_lock)
        {
            _closing--;
            _lastCloseAt = clock.GetTimestamp();
        }
    }

    // After the deadline, only while clients are being closed one after the other. Otherwise a client that is closed
    // some seconds after another one, while the process continues, would have no time at all.
    private bool IsInForce_NeedsLock(TimeProvider clock, long now)
    {
        if (!_hasDeadline || !IsShared)
            return false;

        var elapsed = clock.GetElapsedTime(_startedAt, now);
        if (elapsed < _limit)
            return true;

        return elapsed < _limit + Aftermath &&
            (_closing > 1 || clock.GetElapsedTime(_lastCloseAt, now) < Aftermath);
    }
}
