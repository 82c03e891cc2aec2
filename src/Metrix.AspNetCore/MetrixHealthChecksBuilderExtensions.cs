using Metrix.AspNetCore;
using Metrix.AspNetCore.Health;
using Metrix.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds <c>AddMetrix()</c> to an <see cref="IHealthChecksBuilder"/>.
/// </summary>
public static class MetrixHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check that reports the delivery of events by all clients of the process.
    /// </summary>
    /// <remarks>
    /// The result is degraded while delivery for an app is paused, the backlog is large, or events were invalid
    /// recently. It is unhealthy when events are pending and none is delivered for too long.
    /// </remarks>
    /// <param name="builder">The health checks builder.</param>
    /// <param name="name">The name of the check. Default <c>metrix</c>.</param>
    /// <param name="failureStatus">The status to report instead of unhealthy. Default null: unhealthy.</param>
    /// <param name="tags">The tags of the check. Default null.</param>
    /// <param name="configure">Changes the limits. Default null.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is
    /// null.</exception>
    /// <exception cref="ArgumentException">A limit is out of its range. The message names it.</exception>
    public static IHealthChecksBuilder AddMetrix(
        this IHealthChecksBuilder builder,
        string name = "metrix",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        Action<MetrixHealthCheckOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var options = new MetrixHealthCheckOptions();
        configure?.Invoke(options);
        if (options.BacklogShare is not (> 0 and <= 1))
        {
            throw new ArgumentException(
                "BacklogShare must be greater than 0 and at most 1. Example: 0.5", nameof(configure));
        }

        if (options.InvalidWindow < TimeSpan.Zero)
            throw new ArgumentException("InvalidWindow must not be negative. Example: 00:05:00", nameof(configure));
        if (options.StalledLimit <= TimeSpan.Zero)
            throw new ArgumentException("StalledLimit must be greater than zero. Example: 00:05:00", nameof(configure));

        return builder.Add(new HealthCheckRegistration(
            name,
            _ => new MetrixHealthCheck(options, () => ClientRegistry.All.SelectMany(client => client.Health)),
            failureStatus,
            tags));
    }
}
