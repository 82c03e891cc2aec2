using System.Runtime.CompilerServices;

namespace Metrix.Client;

/// <summary>
/// Limits how long all clients of the process may take together to close. A container is killed after a grace period,
/// however many loggers and providers it closes one after the other.
/// </summary>
/// <remarks>
/// <para>The first close has its <c>FlushTimeout</c>. Closes at the same time or right after it have what it left.
/// While no client closes, used time is given back at the same rate. A client that is closed long before the process
/// ends therefore has its whole time, and so do loggers that close quickly one after the other.</para>
/// <para>Each clock has its own deadline, because times of different clocks cannot be compared. Applications use the
/// system clock.</para>
/// </remarks>
internal sealed class ProcessDeadline
{
    private static readonly ConditionalWeakTable<TimeProvider, ProcessDeadline> ByClock = [];

    private readonly object _lock = new();
    private TimeSpan _limit;
    private TimeSpan _used;
    private long _changedAt;
    private int _closing;

    /// <summary>
    /// Gets or sets whether clients share the deadline. Tests that run in parallel in one process turn it off.
    /// </summary>
    public bool IsShared { get; set; } = true;

    /// <summary>Returns the deadline of all clients that use a clock.</summary>
    public static ProcessDeadline Of(TimeProvider clock) => ByClock.GetValue(clock, static _ => new ProcessDeadline());

    /// <summary>Begins a close, which has the time that earlier closes left.</summary>
    /// <param name="clock">The clock of this deadline.</param>
    /// <param name="flushTimeout">The setting of the client, which is the limit if no time was used.</param>
    /// <param name="timeout">The time that this close may take at most.</param>
    /// <returns>The time that this close may take. Zero if all was used.</returns>
    public TimeSpan Begin(TimeProvider clock, TimeSpan flushTimeout, TimeSpan timeout)
    {
        lock (_lock)
        {
            Update_NeedsLock(clock);
            if (_closing++ == 0 && _used == TimeSpan.Zero)
                _limit = flushTimeout;
            var left = _limit - _used;
            if (!IsShared || left > timeout)
                return timeout;

            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Ends a close that <see cref="Begin"/> began.</summary>
    public void End(TimeProvider clock)
    {
        lock (_lock)
        {
            Update_NeedsLock(clock);
            _closing--;
        }
    }

    private void Update_NeedsLock(TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(_changedAt, now);
        _changedAt = now;
        if (_closing > 0)
            _used += elapsed;
        else
            _used = elapsed < _used ? _used - elapsed : TimeSpan.Zero;
    }
}
