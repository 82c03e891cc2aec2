using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Metrix.OpenTelemetry.Exporter.Pipeline;
using Metrix.OpenTelemetry.Exporter.Sampling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenTelemetry.Trace;

/// <summary>
/// Adds the Metrix exporter to a <see cref="TracerProviderBuilder"/>.
/// </summary>
public static class MetrixTracerProviderBuilderExtensions
{
    /// <summary>
    /// Sends activities and activity events that are Metrix events, with the settings of the section <c>Metrix</c> of
    /// the application's configuration.
    /// </summary>
    /// <remarks>
    /// By default, activities that the application's sampler drops can be events too: see
    /// <see cref="MetrixExporterOptions.UnsampledActivities"/>.
    /// Missing or invalid settings throw an <see cref="ArgumentException"/> when the provider is built.
    /// </remarks>
    /// <param name="builder">The tracer provider builder.</param>
    /// <returns>The builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddMetrixExporter(this TracerProviderBuilder builder) =>
        builder.AddMetrixExporter(name: null, configure: null);

    /// <inheritdoc cref="AddMetrixExporter(TracerProviderBuilder)"/>
    /// <param name="builder">The tracer provider builder.</param>
    /// <param name="configure">Changes the settings that the section sets.</param>
    public static TracerProviderBuilder AddMetrixExporter(
        this TracerProviderBuilder builder, Action<MetrixExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddMetrixExporter(name: null, configure);
    }

    /// <inheritdoc cref="AddMetrixExporter(TracerProviderBuilder)"/>
    /// <param name="builder">The tracer provider builder.</param>
    /// <param name="name">The name of the options. Tracing and logging with the same name share one client. Null is the
    /// default name.</param>
    /// <param name="configure">Changes the settings that the section sets. Null changes nothing.</param>
    public static TracerProviderBuilder AddMetrixExporter(
        this TracerProviderBuilder builder, string? name, Action<MetrixExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        return builder
            .ConfigureServices(services => services.AddMetrixPipelines(name, configure))
            .ConfigureSampler((services, sampler) =>
            {
                var pipeline = services.GetRequiredService<PipelineRegistry>().Get(name);
                return RecordingSampler.Over(sampler, pipeline.Options.UnsampledActivities, pipeline.Slugs);
            })
            .AddProcessor(services => services.GetRequiredService<PipelineRegistry>().CreateActivityProcessor(name));
    }
}
