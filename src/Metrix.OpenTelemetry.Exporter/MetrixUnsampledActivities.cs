namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// Specifies how the exporter treats activities that the application's sampler drops. No value changes their Recorded
/// flag, so other exporters and other services see no difference.
/// </summary>
public enum MetrixUnsampledActivities
{
    /// <summary>
    /// Records all of them for Metrix, so that no event is missed whose name or slug is set after the activity starts.
    /// This creates activities that would otherwise not be created.
    /// </summary>
    RecordAll,

    /// <summary>
    /// Records only those whose name at the start is in the slug map, or that start with a tag <c>metrix.slug</c>. An
    /// activity that gets its name or slug later, such as the route of a server span, is missed.
    /// </summary>
    RecordMatching,

    /// <summary>
    /// Leaves sampling unchanged. Dropped activities are not events, so events are sampled too.
    /// </summary>
    Drop,
}
