using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// What of one app is where. Guarded by the lock of the outbox.
/// </summary>
internal sealed class AppCounters
{
    // In the order of their rows. One range a batch, and not a note an event: a backlog may be of a million.
    private readonly LinkedList<Range> _ranges = new();

    /// <summary>Events that may have been sent and are not deleted yet: those a crash would send again.</summary>
    public int Outstanding { get; set; }

    /// <summary>Events that are this client's, and in the file alone.</summary>
    public long Resting { get; private set; }

    /// <summary>Counts an event out of memory.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="firstOfBatch">The first row of the transaction that wrote it: those between are this client's too.</param>
    /// <param name="generation">The flush that waits for it.</param>
    public void AddResting(long row, long firstOfBatch, FlushGeneration? generation)
    {
        Resting++;
        if (_ranges.Last?.Value is { } last && last.Generation == generation && (last.Last >= firstOfBatch || last.Last + 1 == row))
        {
            last.Last = row;
            last.Count++;
        }
        else
        {
            _ranges.AddLast(new Range(generation) { First = row, Last = row, Count = 1 });
        }
    }

    /// <summary>Counts in what an earlier owner left; no flush waits for it.</summary>
    public void AddClaimed(long count) => Resting += count;

    /// <summary>Counts an event into memory.</summary>
    /// <returns>The flush that waits for it.</returns>
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

    /// <summary>Forgets all that rests.</summary>
    /// <returns>How many there were, and the flush that waits for each that one waits for.</returns>
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
