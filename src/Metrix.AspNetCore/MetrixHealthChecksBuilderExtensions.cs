using Metrix.AspNetCore;
using Metrix.AspNetCore.Health;
using Metrix.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds <c>AddMetrix()</c> to the health checks of an application.
/// </summary>
public static class MetrixHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports how the delivery of events stands, of all clients of the process: degraded while an app is paused, the
    /// backlog is large or events were invalid of late; unhealthy when events wait and none is delivered for too long.
    /// </summary>
    /// <param name="builder">The builder of health checks.</param>
    /// <param name="name">The name of the check. Default <c>metrix</c>.</param>
    /// <param name="failureStatus">What is reported in place of unhealthy. Default null: unhealthy.</param>
    /// <param name="tags">Tags to select checks by. Default null.</param>
    /// <param name="configure">Sets other limits. Default null.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException">A limit is out of its range; the message names it.</exception>
    public static IHealthChecksBuilder AddMetrix(
        this IHealthChecksBuilder builder, string name = "metrix", HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, Action<MetrixHealthCheckOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var options = new MetrixHealthCheckOptions();
        configure?.Invoke(options);
        if (options.BacklogShare is not (> 0 and <= 1))
            throw new ArgumentException("BacklogShare: it is not over 0 and at most 1. Example: 0.5", nameof(configure));
        if (options.InvalidWindow < TimeSpan.Zero)
            throw new ArgumentException("InvalidWindow: it is negative. Example: 00:05:00", nameof(configure));
        if (options.StalledLimit <= TimeSpan.Zero)
            throw new ArgumentException("StalledLimit: it is not over zero. Example: 00:05:00", nameof(configure));

        return builder.Add(new HealthCheckRegistration(
            name, _ => new MetrixHealthCheck(options, () => ClientRegistry.All.SelectMany(client => client.Health)), failureStatus, tags));
    }
}
