using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>
/// Adds the Metrix exporter to all signals at once.
/// </summary>
public static class MetrixOpenTelemetryBuilderExtensions
{
    /// <summary>
    /// Sends the activities, activity events and log records that are Metrix events to Metrix, with the settings of the
    /// section <c>Metrix</c> of the application's configuration.
    /// </summary>
    /// <param name="builder">The builder of telemetry: <c>services.AddOpenTelemetry()</c>.</param>
    /// <param name="configure">Sets what should differ from the section. Default null.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IOpenTelemetryBuilder UseMetrix(
        this IOpenTelemetryBuilder builder, Action<MetrixExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMetrixPipelines(Options.DefaultName, configure);
        return builder
            .WithTracing(tracing => tracing.AddMetrixExporter())
            .WithLogging(logging => logging.AddMetrixExporter());
    }
}
