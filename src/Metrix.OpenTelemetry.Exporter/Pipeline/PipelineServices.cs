using Metrix.OpenTelemetry.Exporter.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Registers the services that the pipelines need.
/// </summary>
internal static class PipelineServices
{
    public static void AddMetrixPipelines(
        this IServiceCollection services, string name, Action<MetrixExporterOptions>? configure)
    {
        services.AddOptions();
        services.TryAddSingleton<PipelineRegistry>();
        services.TryAddSingleton<IOptionsFactory<MetrixExporterOptions>>(ExporterOptionsFactory.From);
        if (configure is not null)
            services.Configure(name, configure);
    }
}
