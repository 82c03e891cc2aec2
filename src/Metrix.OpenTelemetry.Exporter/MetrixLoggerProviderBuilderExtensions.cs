using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Logs;

/// <summary>
/// Adds the Metrix exporter to logging.
/// </summary>
public static class MetrixLoggerProviderBuilderExtensions
{
    /// <summary>
    /// Sends the log records that are Metrix events to Metrix, with the settings of the section <c>Metrix</c> of the
    /// application's configuration.
    /// </summary>
    /// <remarks>
    /// Scopes are read where the host includes them: <c>OpenTelemetryLoggerOptions.IncludeScopes</c>, off by default.
    /// Settings that are missing or impossible throw an <see cref="ArgumentException"/> when the provider is built.
    /// </remarks>
    /// <param name="builder">The builder of logging.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static LoggerProviderBuilder AddMetrixExporter(this LoggerProviderBuilder builder) =>
        builder.AddMetrixExporter(name: null, configure: null);

    /// <inheritdoc cref="AddMetrixExporter(LoggerProviderBuilder)"/>
    /// <param name="builder">The builder of logging.</param>
    /// <param name="configure">Sets what should differ from the section.</param>
    public static LoggerProviderBuilder AddMetrixExporter(
        this LoggerProviderBuilder builder, Action<MetrixExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddMetrixExporter(name: null, configure);
    }

    /// <inheritdoc cref="AddMetrixExporter(LoggerProviderBuilder)"/>
    /// <param name="builder">The builder of logging.</param>
    /// <param name="name">The name of the options. Tracing and logging that use one name share one client. Null is the
    /// default name.</param>
    /// <param name="configure">Sets what should differ from the section, or null.</param>
    public static LoggerProviderBuilder AddMetrixExporter(
        this LoggerProviderBuilder builder, string? name, Action<MetrixExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        return builder
            .ConfigureServices(services => services.AddMetrixPipelines(name, configure))
            .AddProcessor(services => services.GetRequiredService<PipelineRegistry>().CreateLogRecordProcessor(name));
    }
}
