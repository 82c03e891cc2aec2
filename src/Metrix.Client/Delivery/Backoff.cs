namespace Metrix.Client.Delivery;

/// <summary>
/// Calculates the delay before the next attempt: exponential up to a maximum, with jitter, so that many clients do not
/// return at the same moment (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
/// </summary>
internal static class Backoff
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>Returns the delay of an event, with full jitter: from 0 to 1, 2, 4, … 60 seconds.</summary>
    /// <param name="attempts">The number of failed attempts, at least 1.</param>
    public static TimeSpan ForEvent(int attempts) =>
        Exponential(FirstRetryDelay, attempts, MaxRetryDelay) * Random.Shared.NextDouble();

    /// <summary>
    /// Returns the delay of an event that alone is refused. Half of it is jitter, so it is never zero.
    /// </summary>
    /// <param name="attempts">The number of failed attempts, at least 1.</param>
    public static TimeSpan ForRefused(int attempts) => ForProbe(attempts, FirstRetryDelay, MaxRetryDelay);

    /// <summary>Returns the delay of an endpoint's probe. Half of it is jitter, so it is never zero.</summary>
    /// <param name="failures">The number of failed probes, at least 1.</param>
    /// <param name="first">The longest delay after the first failure.</param>
    /// <param name="max">The longest delay.</param>
    public static TimeSpan ForProbe(int failures, TimeSpan first, TimeSpan max) =>
        Exponential(first, failures, max) * (0.5 + (Random.Shared.NextDouble() / 2));

    private static TimeSpan Exponential(TimeSpan first, int count, TimeSpan max)
    {
        var delay = first * Math.Pow(2, Math.Clamp(count - 1, 0, 30));
        return delay < max ? delay : max;
    }
}
