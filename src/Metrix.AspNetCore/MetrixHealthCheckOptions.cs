namespace Metrix.AspNetCore;

/// <summary>
/// Represents the limits at which the health check reports delivery as degraded or unhealthy.
/// </summary>
public sealed class MetrixHealthCheckOptions
{
    /// <summary>
    /// Gets or sets the share of <c>queueLimit</c> above which delivery is degraded. Greater than 0 and at most 1.
    /// Default 0.5.
    /// </summary>
    public double BacklogShare { get; set; } = 0.5;

    /// <summary>
    /// Gets or sets the time after an invalid event during which delivery is degraded. Default 5 minutes. Zero ignores
    /// invalid events.
    /// </summary>
    public TimeSpan InvalidWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets the time that events may be pending without any delivery before delivery is unhealthy. Greater than
    /// zero. Default 5 minutes.
    /// </summary>
    public TimeSpan StalledLimit { get; set; } = TimeSpan.FromMinutes(5);
}
