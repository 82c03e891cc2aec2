namespace Metrix.Client.Tracking;

/// <summary>
/// Represents the numbers of a ledger at one moment.
/// </summary>
internal readonly record struct LedgerSnapshot
{
    public long Recognized { get; init; }

    public long Recovered { get; init; }

    public long Pending { get; init; }

    public long Invalid { get; init; }

    public long Dropped { get; init; }

    public long Delivered { get; init; }

    public long Rejected { get; init; }

    public long Expired { get; init; }

    public long Abandoned { get; init; }

    public long Kept { get; init; }

    /// <summary>
    /// Gets the number of failed attempts. Not part of the equation, because the events stay pending.
    /// </summary>
    public long Retries { get; init; }

    /// <summary>Gets whether every event is accounted for.</summary>
    public bool IsBalanced =>
        Recognized + Recovered == Pending + Invalid + Dropped + Delivered + Rejected + Expired + Abandoned + Kept;

    public static LedgerSnapshot operator +(LedgerSnapshot a, LedgerSnapshot b) => new()
    {
        Recognized = a.Recognized + b.Recognized,
        Recovered = a.Recovered + b.Recovered,
        Pending = a.Pending + b.Pending,
        Invalid = a.Invalid + b.Invalid,
        Dropped = a.Dropped + b.Dropped,
        Delivered = a.Delivered + b.Delivered,
        Rejected = a.Rejected + b.Rejected,
        Expired = a.Expired + b.Expired,
        Abandoned = a.Abandoned + b.Abandoned,
        Kept = a.Kept + b.Kept,
        Retries = a.Retries + b.Retries,
    };
}
