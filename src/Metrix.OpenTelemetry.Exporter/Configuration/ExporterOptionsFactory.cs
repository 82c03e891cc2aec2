using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Metrix.OpenTelemetry.Exporter.Configuration;

/// <summary>
/// Creates options of a given name from the section <c>Metrix</c>, then applies what the application configures in
/// code.
/// </summary>
internal sealed class ExporterOptionsFactory(
    IConfiguration? configuration,
    IEnumerable<IConfigureOptions<MetrixExporterOptions>> configures,
    IEnumerable<IPostConfigureOptions<MetrixExporterOptions>> postConfigures,
    IEnumerable<IValidateOptions<MetrixExporterOptions>> validators)
    : OptionsFactory<MetrixExporterOptions>(configures, postConfigures, validators)
{
    public static ExporterOptionsFactory From(IServiceProvider services) => new(
        services.GetService<IConfiguration>(),
        services.GetServices<IConfigureOptions<MetrixExporterOptions>>(),
        services.GetServices<IPostConfigureOptions<MetrixExporterOptions>>(),
        services.GetServices<IValidateOptions<MetrixExporterOptions>>());

    protected override MetrixExporterOptions CreateInstance(string name) => ExporterSettings.Read(configuration);
}
