using System.Collections.Concurrent;

namespace Metrix.Client.Mapping;

/// <summary>
/// Builders of one set of rules, for those who map on whichever thread calls. There are never more than there were
/// threads at once.
/// </summary>
internal sealed class BuilderPool(MappingRules rules)
{
    private readonly ConcurrentBag<EventBuilder> _spare = [];

    public MappingRules Rules => rules;

    public EventBuilder Rent() => _spare.TryTake(out var builder) ? builder : new EventBuilder(rules);

    /// <summary>Takes a builder back, and lets go of the event that it was used for.</summary>
    public void Return(EventBuilder builder)
    {
        builder.Start("", default);
        _spare.Add(builder);
    }
}
