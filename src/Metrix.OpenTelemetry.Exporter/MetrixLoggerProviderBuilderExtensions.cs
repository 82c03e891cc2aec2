using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Logs;

/// <summary>
/// Adds the Metrix exporter to a <see cref="LoggerProviderBuilder"/>.
/// </summary>
public static class MetrixLoggerProviderBuilderExtensions
{
    /// <summary>
    /// Sends log records that are Metrix events, with the settings of the section <c>Metrix</c> of the application's
    /// configuration.
    /// </summary>
    /// <remarks>
    /// The exporter reads scopes only if you set <c>OpenTelemetryLoggerOptions.IncludeScopes</c>, which is off by
    /// default. Missing or invalid settings throw an <see cref="ArgumentException"/> when the provider is built.
    /// </remarks>
    /// <param name="builder">The logger provider builder.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static LoggerProviderBuilder AddMetrixExporter(this LoggerProviderBuilder builder) =>
        builder.AddMetrixExporter(name: null, configure: null);

    /// <inheritdoc cref="AddMetrixExporter(LoggerProviderBuilder)"/>
    /// <param name="builder">The logger provider builder.</param>
    /// <param name="configure">Changes the settings that the section sets.</param>
    public static LoggerProviderBuilder AddMetrixExporter(
        this LoggerProviderBuilder builder, Action<MetrixExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddMetrixExporter(name: null, configure);
    }

    /// <inheritdoc cref="AddMetrixExporter(LoggerProviderBuilder)"/>
    /// <param name="builder">The logger provider builder.</param>
    /// <param name="name">The name of the options. Tracing and logging with the same name share one client. Null is the
    /// default name.</param>
    /// <param name="configure">Changes the settings that the section sets. Null changes nothing.</param>
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
