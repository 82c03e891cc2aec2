using Metrix.Client;

namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// Represents the settings of the Metrix exporter: the settings of <see cref="MetrixOptions"/>, and those that only
/// OpenTelemetry needs. One instance serves tracing and logging.
/// </summary>
public sealed class MetrixExporterOptions : MetrixOptions
{
    /// <summary>
    /// Gets or sets how the exporter treats activities that the application's sampler drops. Default
    /// <see cref="MetrixUnsampledActivities.RecordAll"/>: an activity can be an event whether it is sampled or not.
    /// </summary>
    public MetrixUnsampledActivities UnsampledActivities { get; set; }

    /// <summary>
    /// Gets the keys of baggage items that are sent with an event as if they were on its record. Default empty: baggage
    /// comes from outside and is not trusted.
    /// </summary>
    public IList<string> BaggageKeys { get; } = [];

    /// <summary>
    /// Gets the problems that were found while the section was read. Validation reports them with all others.
    /// </summary>
    internal ICollection<string> Problems { get; } = [];
}
