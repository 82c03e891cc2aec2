using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Metrix.OpenTelemetry.Exporter.Configuration;

/// <summary>
/// Makes the options of a name: what the section <c>Metrix</c> says, then whatever the application configures in code.
/// </summary>
internal sealed class ExporterOptionsFactory(
    IConfiguration? configuration,
    IEnumerable<IConfigureOptions<MetrixExporterOptions>> setups,
    IEnumerable<IPostConfigureOptions<MetrixExporterOptions>> postConfigures,
    IEnumerable<IValidateOptions<MetrixExporterOptions>> validations)
    : OptionsFactory<MetrixExporterOptions>(setups, postConfigures, validations)
{
    public static ExporterOptionsFactory From(IServiceProvider services) => new(
        services.GetService<IConfiguration>(),
        services.GetServices<IConfigureOptions<MetrixExporterOptions>>(),
        services.GetServices<IPostConfigureOptions<MetrixExporterOptions>>(),
        services.GetServices<IValidateOptions<MetrixExporterOptions>>());

    protected override MetrixExporterOptions CreateInstance(string name) => ExporterSettings.Read(configuration);
}
