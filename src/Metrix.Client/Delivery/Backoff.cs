namespace Metrix.Client.Delivery;

/// <summary>
/// How long to wait before the next attempt: twice as long each time, up to a cap, with jitter so that many clients do
/// not come back at once (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
/// </summary>
internal static class Backoff
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>Of one event: full jitter, from nothing to 1, 2, 4, … 60 seconds.</summary>
    /// <param name="attempts">How often it was tried already, at least once.</param>
    public static TimeSpan ForEvent(int attempts) =>
        Doubled(FirstRetryDelay, attempts, MaxRetryDelay) * Random.Shared.NextDouble();

    /// <summary>Of an endpoint's probes: half of it jitter, so that a probe never follows at once.</summary>
    /// <param name="failures">How many failed already, at least one.</param>
    /// <param name="first">How long after the first.</param>
    /// <param name="longest">The cap.</param>
    public static TimeSpan ForProbe(int failures, TimeSpan first, TimeSpan longest) =>
        Doubled(first, failures, longest) * (0.5 + (Random.Shared.NextDouble() / 2));

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest)
    {
        var doubled = first * Math.Pow(2, Math.Clamp(times - 1, 0, 30));
        return doubled < longest ? doubled : longest;
    }
}
