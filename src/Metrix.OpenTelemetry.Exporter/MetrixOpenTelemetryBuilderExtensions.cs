using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>
/// Adds the Metrix exporter to tracing and logging at once.
/// </summary>
public static class MetrixOpenTelemetryBuilderExtensions
{
    /// <summary>
    /// Sends activities, activity events and log records that are Metrix events, with the settings of the section
    /// <c>Metrix</c> of the application's configuration.
    /// </summary>
    /// <param name="builder">The OpenTelemetry builder, which <c>services.AddOpenTelemetry()</c> returns.</param>
    /// <param name="configure">Changes the settings that the section sets. Default null: changes nothing.</param>
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
