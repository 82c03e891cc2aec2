namespace Metrix.Emulator.Faults;

/// <summary>Holds the active faults and selects the fault that applies to a request. Thread-safe.</summary>
/// <param name="onChanged">Called after each change, outside the lock.</param>
internal sealed class FaultPlan(Action onChanged)
{
    private readonly object _lock = new();
    private volatile ActiveFault[] _active = [];

    /// <summary>Gets the faults that are not used up, each with its remaining number of requests.</summary>
    public IReadOnlyList<EmulatorFault> Current
    {
        get { lock (_lock) return [.. _active.Select(active => active.Remaining)]; }
    }

    public void Set(IEnumerable<EmulatorFault> faults)
    {
        ActiveFault[] active = [.. faults.Select(fault => new ActiveFault(fault))];
        lock (_lock) _active = active;
        onChanged();
    }

    /// <summary>Returns the first fault that applies to a request, and counts the request against it.</summary>
    /// <param name="appId">The app of the request.</param>
    /// <param name="readSlug">Reads the slug. It is called only if a fault depends on the slug.</param>
    public EmulatorFault? Apply(string appId, Func<string?> readSlug)
    {
        // Most of the time there are no faults. Requests then do not wait for each other at the lock.
        if (_active.Length == 0) return null;

        EmulatorFault? applied;
        lock (_lock)
        {
            applied = _active.FirstOrDefault(active => active.TryApply(appId, readSlug))?.Fault;
            if (applied is null) return null;
            _active = [.. _active.Where(active => !active.IsUsedUp)];
        }

        onChanged();
        return applied;
    }

    private sealed class ActiveFault(EmulatorFault fault)
    {
        /// <summary>Compensates for rounding: 0.1 added ten times is slightly less than 1.</summary>
        private const double Tolerance = 1e-9;

        private double _accumulatedShare;
        private int _requests;

        public EmulatorFault Fault => fault;

        public bool IsUsedUp => fault.Requests is { } limit && _requests >= limit;

        public EmulatorFault Remaining =>
            fault.Requests is { } limit && !IsUsedUp ? fault with { Requests = limit - _requests } : fault;

        public bool TryApply(string appId, Func<string?> readSlug)
        {
            if (fault.AppId is { } app && app != appId) return false;
            if (fault.EventSlug is { } slug && slug != readSlug()) return false;

            _accumulatedShare += fault.Share;
            if (_accumulatedShare < 1 - Tolerance) return false;
            _accumulatedShare -= 1;
            _requests++;
            return true;
        }
    }
}
