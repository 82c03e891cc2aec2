using Metrix.Client;

namespace Metrix.Tests.Support;

/// <summary>Settings for tests in accelerated time.</summary>
public static class Acceleration
{
    /// <summary>Backoff passes quickly; a machine that is slow has its time all the same.</summary>
    public static void Accelerate(this MetrixOptions options, int factor = 50)
    {
        options.TimeProvider = new AcceleratedTime(factor);
        options.RequestTimeout = TimeSpan.FromMinutes(10);
        options.FlushTimeout = TimeSpan.FromHours(1);
    }
}
