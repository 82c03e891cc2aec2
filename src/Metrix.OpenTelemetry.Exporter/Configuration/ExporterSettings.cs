using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;

namespace Metrix.OpenTelemetry.Exporter.Configuration;

/// <summary>
/// Reads and validates the exporter's settings: the common settings, and those that only the exporter has.
/// </summary>
internal static class ExporterSettings
{
    /// <summary>Gets the settings that only the exporter has. They are in the section <c>Metrix</c> too.</summary>
    public static IReadOnlyList<Setting> Own { get; } =
    [
        Setting.Choice<MetrixUnsampledActivities>(
            "UnsampledActivities",
            "\"RecordAll\"",
            options => ((MetrixExporterOptions)options).UnsampledActivities,
            (options, value) => ((MetrixExporterOptions)options).UnsampledActivities = value),
        Setting.List(
            "BaggageKeys", """[ "campaign" ]""", options => ((MetrixExporterOptions)options).BaggageKeys),
    ];

    public static MetrixExporterOptions Read(IConfiguration? configuration)
    {
        var options = new MetrixExporterOptions();
        if (configuration?.GetSection(MetrixSettings.Section) is { } section)
        {
            MetrixSettings.Read(
                options, section.AsEnumerable(makePathsRelative: true), section.Path, options.Problems, Own);
        }

        return options;
    }

    /// <exception cref="ArgumentException">A setting is missing, unknown or invalid.</exception>
    public static void Validate(MetrixExporterOptions options) =>
        OptionsValidator.Validate(options, options.Problems, Own);
}
