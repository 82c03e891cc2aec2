namespace Metrix.AspNetCore;

/// <summary>
/// When the delivery of events is reported as degraded or unhealthy.
/// </summary>
public sealed class MetrixHealthCheckOptions
{
    /// <summary>
    /// How much of <c>queueLimit</c> may be taken before it is degraded, over 0 to 1. Default 0.5.
    /// </summary>
    public double BacklogShare { get; set; } = 0.5;

    /// <summary>
    /// For how long after an invalid event it is degraded. Default 5 minutes; zero never reports them.
    /// </summary>
    public TimeSpan InvalidWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For how long events may wait, with none delivered, before it is unhealthy. Default 5 minutes.
    /// </summary>
    public TimeSpan StalledLimit { get; set; } = TimeSpan.FromMinutes(5);
}
