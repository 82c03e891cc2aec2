using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;

namespace Metrix.OpenTelemetry.Exporter.Configuration;

/// <summary>
/// The settings that only OpenTelemetry has, and the reading of all from the section <c>Metrix</c>.
/// </summary>
internal static class ExporterSettings
{
    /// <summary>What stands in the section beside the common settings.</summary>
    public static IReadOnlyList<Setting> Own { get; } =
    [
        Setting.Choice<MetrixUnsampledActivities>("UnsampledActivities", "\"RecordAll\"",
            o => ((MetrixExporterOptions)o).UnsampledActivities, (o, v) => ((MetrixExporterOptions)o).UnsampledActivities = v),
        Setting.List("BaggageKeys", """[ "campaign" ]""", o => ((MetrixExporterOptions)o).BaggageKeys),
    ];

    public static MetrixExporterOptions Read(IConfiguration? configuration)
    {
        var options = new MetrixExporterOptions();
        if (configuration?.GetSection(MetrixSettings.Section) is { } section)
            MetrixSettings.Read(options, section.AsEnumerable(makePathsRelative: true), section.Path, options.Problems, Own);
        return options;
    }

    /// <exception cref="ArgumentException">A setting is missing, unknown or impossible.</exception>
    public static void Validate(MetrixExporterOptions options) => OptionsValidator.Validate(options, options.Problems, Own);
}
