namespace Metrix.OpenTelemetry.Exporter;

/// <summary>
/// What becomes of activities that the application's sampler drops. Whichever it is, their Recorded flag stays as the
/// sampler chose: no other exporter and no other service sees a difference.
/// </summary>
public enum MetrixUnsampledActivities
{
    /// <summary>
    /// All of them are recorded for Metrix, so that none is missed that becomes an event only after it started. It costs
    /// the creation of activities that were not made before.
    /// </summary>
    RecordAll,

    /// <summary>
    /// Only those are recorded whose name at their start is in the slug map, or that carry <c>metrix.slug</c> among the
    /// tags they start with. A name or slug that comes later, as the route of a server span does, is missed.
    /// </summary>
    RecordMatching,

    /// <summary>
    /// Sampling is left as it is: events are a sample too.
    /// </summary>
    Drop,
}
