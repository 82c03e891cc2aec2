namespace Metrix.Emulator.Faults;

/// <summary>The faults that are set, and which of them takes a request. Thread-safe.</summary>
internal sealed class FaultPlan(Action changed)
{
    private readonly object _lock = new();
    private volatile Entry[] _entries = [];

    /// <summary>The faults that still have something to do, with the number of requests that is left to each.</summary>
    public IReadOnlyList<EmulatorFault> Current
    {
        get { lock (_lock) return [.. _entries.Select(entry => entry.Left)]; }
    }

    public void Set(IEnumerable<EmulatorFault> faults)
    {
        Entry[] entries = [.. faults.Select(fault => new Entry(fault))];
        lock (_lock) _entries = entries;
        changed();
    }

    /// <summary>The first fault that takes this request; the slug is asked for only when one goes by it.</summary>
    public EmulatorFault? Take(string appId, Func<string?> slug)
    {
        // Without faults, which is the rule, requests do not queue up here.
        if (_entries.Length == 0) return null;

        EmulatorFault? taken;
        lock (_lock)
        {
            taken = _entries.FirstOrDefault(entry => entry.Takes(appId, slug))?.Fault;
            if (taken is null) return null;
            _entries = [.. _entries.Where(entry => !entry.IsOver)];
        }

        changed();
        return taken;
    }

    private sealed class Entry(EmulatorFault fault)
    {
        /// <summary>Against 0.1 added ten times, which is a little less than 1.</summary>
        private const double Rounding = 1e-9;

        private double _due;
        private int _taken;

        public EmulatorFault Fault => fault;

        public bool IsOver => fault.Requests is { } all && _taken >= all;

        public EmulatorFault Left => fault.Requests is { } all && !IsOver ? fault with { Requests = all - _taken } : fault;

        public bool Takes(string appId, Func<string?> slug)
        {
            if (fault.AppId is { } app && app != appId) return false;
            if (fault.EventSlug is { } wanted && wanted != slug()) return false;

            _due += fault.Share;
            if (_due < 1 - Rounding) return false;
            _due -= 1;
            _taken++;
            return true;
        }
    }
}
