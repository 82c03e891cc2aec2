using System.Runtime.CompilerServices;
using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Logs;

/// <summary>
/// Adds the Metrix exporter to logging that <c>ILoggingBuilder.AddOpenTelemetry(options => …)</c> configures.
/// </summary>
public static class MetrixLoggerOptionsExtensions
{
    private static readonly ConditionalWeakTable<OpenTelemetryLoggerOptions, object> Configured = [];

    /// <summary>
    /// Sends log records that are Metrix events, with the settings of the section <c>Metrix</c> of the application's
    /// configuration. Shares its client with the application's tracing.
    /// </summary>
    /// <param name="options">The logger options.</param>
    /// <returns>The options, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public static OpenTelemetryLoggerOptions AddMetrixExporter(this OpenTelemetryLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Add(configure: null);
    }

    /// <summary>
    /// Sends log records that are Metrix events, through a separate client.
    /// </summary>
    /// <param name="options">The logger options.</param>
    /// <param name="configure">Changes the settings that the section sets.</param>
    /// <returns>The options, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OpenTelemetryLoggerOptions AddMetrixExporter(
        this OpenTelemetryLoggerOptions options, Action<MetrixExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        return options.Add(configure);
    }

    private static OpenTelemetryLoggerOptions Add(
        this OpenTelemetryLoggerOptions options, Action<MetrixExporterOptions>? configure)
    {
        // A second processor would send every event twice.
        if (!Configured.TryAdd(options, options))
            return options;

        return options.AddProcessor(services => (services.GetService<PipelineRegistry>(), configure) switch
        {
            (null, _) => CreateSeparate(services, configure),
            ({ } registry, null) => registry.CreateLogRecordProcessor(Options.DefaultName),
            ({ } registry, _) => registry.CreateLogRecordProcessor(
                Options.DefaultName, () => CreateSeparate(services, configure)),
        });
    }

    private static BaseProcessor<LogRecord> CreateSeparate(
        IServiceProvider services, Action<MetrixExporterOptions>? configure)
    {
        var settings = ExporterOptionsFactory.From(services).Create(Options.DefaultName);
        configure?.Invoke(settings);
        return new ExporterPipeline(settings).CreateLogRecordProcessor();
    }
}
