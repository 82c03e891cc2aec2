namespace Metrix.Emulator.Store;

/// <summary>A tally at one moment; each list of counts is by <see cref="RequestOutcome"/>.</summary>
internal sealed record RequestCountsSnapshot(
    IReadOnlyList<long> Totals, IReadOnlyList<(DateTimeOffset At, long[] Counts)> Minutes);
