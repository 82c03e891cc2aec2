using System.Collections.Concurrent;

namespace Metrix.Client.Mapping;

/// <summary>
/// Pools the builders of one set of rules, for mapping on the caller's thread. It never holds more builders than there
/// were concurrent threads.
/// </summary>
internal sealed class BuilderPool(MappingRules rules)
{
    private readonly ConcurrentBag<EventBuilder> _spare = [];

    public MappingRules Rules => rules;

    public EventBuilder Rent() => _spare.TryTake(out var builder) ? builder : new EventBuilder(rules);

    /// <summary>Returns a builder, which then no longer references its event.</summary>
    public void Return(EventBuilder builder)
    {
        builder.Start("", default);
        _spare.Add(builder);
    }
}
