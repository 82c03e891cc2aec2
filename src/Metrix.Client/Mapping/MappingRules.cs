namespace Metrix.Client.Mapping;

/// <summary>
/// Holds the mapping settings, prepared for lookups. Immutable and shared by all threads.
/// </summary>
internal sealed class MappingRules(MetrixOptions options, IEnumerable<string> noiseNames)
{
    public FieldMap Fields { get; } = new(options.Fields);

    public PropertyFilter Filter { get; } = new(options.Include, options.Exclude, noiseNames);

    /// <summary>Gets the names whose numbers are sent as attributes.</summary>
    public NameSet AsAttributes { get; } = new(options.Attributes);

    /// <summary>Gets which values must be redacted.</summary>
    public Redaction Redaction { get; } = new(options.Redact);

    /// <summary>Gets the clock for events without a time.</summary>
    public TimeProvider Clock { get; } = options.TimeProvider;

    public MetrixEventTimeUnit TimeUnit { get; } = options.EventTimeUnit;
}
