namespace Metrix.Emulator.Store;

/// <summary>
/// Represents the request counts at one moment. Each list of counts is indexed by <see cref="RequestOutcome"/>.
/// </summary>
internal sealed record RequestCountsSnapshot(
    IReadOnlyList<long> Totals, IReadOnlyList<(DateTimeOffset At, long[] Counts)> Minutes);
