using System.Runtime.CompilerServices;
using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Logs;

/// <summary>
/// Adds the Metrix exporter to logging that is set up by <c>ILoggingBuilder.AddOpenTelemetry(options => …)</c>.
/// </summary>
public static class MetrixLoggerOptionsExtensions
{
    private static readonly ConditionalWeakTable<OpenTelemetryLoggerOptions, object> Configured = [];

    /// <summary>
    /// Sends the log records that are Metrix events to Metrix, with the settings of the section <c>Metrix</c> of the
    /// application's configuration. It shares its client with the tracing of the application.
    /// </summary>
    /// <param name="options">The options of logging.</param>
    /// <returns>The options, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public static OpenTelemetryLoggerOptions AddMetrixExporter(this OpenTelemetryLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Add(configure: null);
    }

    /// <summary>
    /// Sends the log records that are Metrix events to Metrix, through a client of its own.
    /// </summary>
    /// <param name="options">The options of logging.</param>
    /// <param name="configure">Sets what should differ from the section.</param>
    /// <returns>The options, for chaining.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OpenTelemetryLoggerOptions AddMetrixExporter(
        this OpenTelemetryLoggerOptions options, Action<MetrixExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        return options.Add(configure);
    }

    private static OpenTelemetryLoggerOptions Add(this OpenTelemetryLoggerOptions options, Action<MetrixExporterOptions>? configure)
    {
        // A second one would send every event twice.
        if (!Configured.TryAdd(options, options))
            return options;

        return options.AddProcessor(services => (services.GetService<PipelineRegistry>(), configure) switch
        {
            (null, _) => CreateOwn(services, configure),
            ({ } registry, null) => registry.CreateLogRecordProcessor(Options.DefaultName),
            ({ } registry, _) => registry.CreateLogRecordProcessor(Options.DefaultName, () => CreateOwn(services, configure)),
        });
    }

    private static BaseProcessor<LogRecord> CreateOwn(IServiceProvider services, Action<MetrixExporterOptions>? configure)
    {
        var settings = ExporterOptionsFactory.From(services).Create(Options.DefaultName);
        configure?.Invoke(settings);
        return new ExporterPipeline(settings).CreateLogRecordProcessor();
    }
}
