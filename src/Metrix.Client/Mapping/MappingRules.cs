using Metrix.Client.Rules;

namespace Metrix.Client.Mapping;

/// <summary>
/// The settings of mapping, made ready for look-ups. Immutable, shared by all threads.
/// </summary>
internal sealed class MappingRules(MetrixOptions options, IEnumerable<string> leftOut)
{
    public SlugMap Slugs { get; } = new(options.Slugs);

    public FieldMap Fields { get; } = new(options.Fields);

    public PropertyFilter Filter { get; } = new(options.Include, options.Exclude, leftOut);

    /// <summary>Names whose numbers are sent as attributes.</summary>
    public NameSet AsAttributes { get; } = new(options.Attributes);

    /// <summary>What must not leave the application as it is.</summary>
    public Redaction Redaction { get; } = new(options.Redact);

    /// <summary>Tells the time of an event that has none.</summary>
    public TimeProvider Clock { get; } = options.TimeProvider;

    public MetrixEventTimeUnit TimeUnit { get; } = options.EventTimeUnit;
}
