using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Rules;

/// <summary>
/// From the names that code uses to the slugs that the panel gave, without regard to case: configuration does not
/// promise the case of its keys.
/// </summary>
internal sealed class SlugMap(IEnumerable<KeyValuePair<string, MetrixEventRule>> slugs)
{
    private readonly FrozenDictionary<string, Entry> _entries = slugs.ToFrozenDictionary(
        pair => pair.Key, pair => new Entry(pair.Value.Slug, Conditions.Of(pair.Value.When)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that the map knows.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>The slug of a name that the map knows, whatever its conditions.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? slug)
    {
        slug = _entries.TryGetValue(name, out var entry) ? entry.Slug : null;
        return slug is not null;
    }

    /// <summary>The slug of a name that the map knows, else the name, which then is a slug itself.</summary>
    public string Resolve(string nameOrSlug) => TryGet(nameOrSlug, out var slug) ? slug : nameOrSlug;

    /// <summary>Recognises a record by a name, which the map must know and whose conditions must hold.</summary>
    public bool TryMatchName<T>(string name, in T record, out EventMatch recognition)
        where T : struct, IRecord
    {
        if (_entries.TryGetValue(name, out var entry) && (entry.When is null || entry.When.Hold(record)))
        {
            recognition = new(entry.Slug, name);
            return true;
        }

        recognition = default;
        return false;
    }

    /// <summary>
    /// Recognises a record by what it says it is: a name of the map, whose conditions must hold, else a slug.
    /// </summary>
    public bool TryMatchNameOrSlug<T>(string nameOrSlug, in T record, out EventMatch recognition)
        where T : struct, IRecord
    {
        if (_entries.ContainsKey(nameOrSlug))
            return TryMatchName(nameOrSlug, record, out recognition);

        recognition = new(nameOrSlug, nameOrSlug);
        return true;
    }

    private sealed record Entry(string Slug, Conditions? When);
}
