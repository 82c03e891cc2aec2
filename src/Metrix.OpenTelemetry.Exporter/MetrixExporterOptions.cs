using Metrix.Client;

namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// The settings of the Metrix exporter: those of <see cref="MetrixOptions"/>, and what only OpenTelemetry has. One object
/// serves tracing and logging alike.
/// </summary>
public sealed class MetrixExporterOptions : MetrixOptions
{
    /// <summary>
    /// What becomes of activities that the application's sampler drops. Default <see cref="MetrixUnsampledActivities.RecordAll"/>: an
    /// activity becomes an event whether it was sampled or not.
    /// </summary>
    public MetrixUnsampledActivities UnsampledActivities { get; set; }

    /// <summary>
    /// The keys of baggage that are sent with an event, as if they stood on its record. Empty by default: baggage comes
    /// from outside, and is not trusted.
    /// </summary>
    public IList<string> BaggageKeys { get; } = [];

    /// <summary>What was found wrong while the section was read; it is told with whatever else is wrong.</summary>
    internal ICollection<string> Problems { get; } = [];
}
