namespace Metrix.Emulator.Store;

/// <summary>How many came, by outcome: since the start or the last clearing, and for each minute of the last hour.</summary>
internal sealed class RequestCounts
{
    public const int Outcomes = 4;
    private const int Minutes = 60;

    private readonly long[] _totals = new long[Outcomes];
    private readonly Queue<Minute> _minutes = new();
    private Minute? _last;

    public void Add(RequestOutcome outcome, DateTimeOffset at)
    {
        _totals[(int)outcome]++;

        // A clock that is set back does not reopen a minute: what then comes counts in the latest.
        var minute = at.ToUnixTimeSeconds() / 60;
        if (_last is null || minute > _last.Number) _minutes.Enqueue(_last = new Minute(minute));
        _last.Counts[(int)outcome]++;
        while (_minutes.Peek().Number <= _last.Number - Minutes) _minutes.Dequeue();
    }

    public void Clear()
    {
        Array.Clear(_totals);
        _minutes.Clear();
        _last = null;
    }

    /// <summary>A copy: the totals, and the minutes in which something came, oldest first.</summary>
    public RequestCountsSnapshot Snapshot() => new(
        [.. _totals], [.. _minutes.Select(minute => (DateTimeOffset.FromUnixTimeSeconds(minute.Number * 60), minute.Counts.ToArray()))]);

    private sealed record Minute(long Number)
    {
        public long[] Counts { get; } = new long[Outcomes];
    }
}
