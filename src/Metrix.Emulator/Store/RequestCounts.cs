namespace Metrix.Emulator.Store;

/// <summary>
/// Counts requests by outcome: since the start or the last clear, and for each minute of the last hour. Not
/// thread-safe.
/// </summary>
internal sealed class RequestCounts
{
    public const int Outcomes = 4;
    private const int MaxMinutes = 60;

    private readonly long[] _totals = new long[Outcomes];
    private readonly Queue<Minute> _minutes = new();
    private Minute? _last;

    public void Add(RequestOutcome outcome, DateTimeOffset at)
    {
        _totals[(int)outcome]++;

        // After the clock was set back, requests count in the latest minute: an earlier one does not reopen.
        var minute = at.ToUnixTimeSeconds() / 60;
        if (_last is null || minute > _last.Number) _minutes.Enqueue(_last = new Minute(minute));
        _last.Counts[(int)outcome]++;
        while (_minutes.Peek().Number <= _last.Number - MaxMinutes) _minutes.Dequeue();
    }

    public void Clear()
    {
        Array.Clear(_totals);
        _minutes.Clear();
        _last = null;
    }

    /// <summary>Returns a copy of the totals and of the minutes that have requests, oldest first.</summary>
    public RequestCountsSnapshot Snapshot() => new([.. _totals], [.. _minutes.Select(Copy)]);

    private static (DateTimeOffset At, long[] Counts) Copy(Minute minute) =>
        (DateTimeOffset.FromUnixTimeSeconds(minute.Number * 60), minute.Counts.ToArray());

    /// <param name="Number">The Unix time of its start, in minutes.</param>
    private sealed record Minute(long Number)
    {
        public long[] Counts { get; } = new long[Outcomes];
    }
}
