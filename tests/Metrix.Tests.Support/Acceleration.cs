using Metrix.Client;

namespace Metrix.Tests.Support;

/// <summary>Configures clients for accelerated time.</summary>
public static class Acceleration
{
    /// <summary>
    /// Accelerates the clock of a client, so that backoff passes quickly. The time limits become so long that a slow
    /// machine does not reach them.
    /// </summary>
    public static void Accelerate(this MetrixOptions options, int factor = 50)
    {
        options.TimeProvider = new AcceleratedTime(factor);
        options.RequestTimeout = TimeSpan.FromMinutes(10);
        options.FlushTimeout = TimeSpan.FromHours(1);
    }
}
