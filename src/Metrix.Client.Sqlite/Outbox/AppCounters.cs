using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Counts the events of one app by place. Guarded by the lock of <see cref="OutboxState"/>.
/// </summary>
internal sealed class AppCounters
{
    // Ordered by row. One range for each batch instead of one entry for each event: a backlog may be a million events.
    private readonly LinkedList<Range> _ranges = new();

    /// <summary>Gets or sets the number of events that may have been sent and are not deleted yet. A crash would send
    /// them again.</summary>
    public int Outstanding { get; set; }

    /// <summary>Gets the number of this client's events that are in the file only.</summary>
    public long Resting { get; private set; }

    /// <summary>Counts an event that is in the file only.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="firstOfBatch">The first row of its transaction. All rows since then are this client's, too.</param>
    /// <param name="generation">The flush generation of the event.</param>
    public void AddResting(long row, long firstOfBatch, FlushGeneration? generation)
    {
        Resting++;
        var last = _ranges.Last?.Value;
        if (last is not null && last.Generation == generation && (last.Last >= firstOfBatch || last.Last + 1 == row))
        {
            last.Last = row;
            last.Count++;
        }
        else
        {
            _ranges.AddLast(new Range(generation) { First = row, Last = row, Count = 1 });
        }
    }

    /// <summary>Counts events that were claimed from an earlier owner. No flush waits for them.</summary>
    public void AddClaimed(long count) => Resting += count;

    /// <summary>Counts an event that was loaded into memory.</summary>
    /// <returns>The flush generation of the event, or null if no flush waits for it.</returns>
    public FlushGeneration? RemoveResting(long row)
    {
        Resting--;
        while (_ranges.First?.Value is { } range && range.Last < row)
            _ranges.RemoveFirst();
        if (_ranges.First?.Value is not { } found || row < found.First)
            return null;

        found.Count--;
        return found.Generation;
    }

    /// <summary>Removes all resting events.</summary>
    /// <returns>Their number, and the flush generation of each that has one.</returns>
    public (long Count, IReadOnlyList<FlushGeneration> Generations) Clear()
    {
        var generations = _ranges.Where(range => range.Generation is not null)
            .SelectMany(range => Enumerable.Repeat(range.Generation!, range.Count)).ToList();
        var count = Resting;
        _ranges.Clear();
        Resting = 0;
        return (count, generations);
    }

    private sealed class Range(FlushGeneration? generation)
    {
        public FlushGeneration? Generation => generation;

        public long First { get; init; }

        public long Last { get; set; }

        public int Count { get; set; }
    }
}
