namespace Metrix.Emulator.Store;

/// <summary>A tally at one moment; each list of counts is by <see cref="Outcome"/>.</summary>
internal sealed record TallySnapshot(
    IReadOnlyList<long> Totals, IReadOnlyList<(DateTimeOffset At, long[] Counts)> Minutes);
