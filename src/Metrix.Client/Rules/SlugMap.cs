using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Rules;

/// <summary>
/// Maps the names that code uses to the slugs from the panel. Names ignore case, because configuration does not
/// preserve the case of its keys.
/// </summary>
internal sealed class SlugMap(IEnumerable<KeyValuePair<string, MetrixEventRule>> slugs)
{
    private readonly FrozenDictionary<string, Entry> _entries = slugs.ToFrozenDictionary(
        pair => pair.Key,
        pair => new Entry(pair.Value.Slug, Conditions.Of(pair.Value.When)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the names of the map.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Returns the slug of a name, regardless of its conditions.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? slug)
    {
        slug = _entries.TryGetValue(name, out var entry) ? entry.Slug : null;
        return slug is not null;
    }

    /// <summary>
    /// Returns the slug of a name, or the name itself if the map does not have it, because it is then a slug.
    /// </summary>
    public string Resolve(string nameOrSlug) => TryGet(nameOrSlug, out var slug) ? slug : nameOrSlug;

    /// <summary>Matches a record by a name. The map must have the name, and its conditions must hold.</summary>
    public bool TryMatchName<T>(string name, in T record, out EventMatch match)
        where T : struct, IRecord
    {
        if (_entries.TryGetValue(name, out var entry) && (entry.When is null || entry.When.AreMet(record)))
        {
            match = new(entry.Slug, name);
            return true;
        }

        match = default;
        return false;
    }

    /// <summary>
    /// Matches a record by its explicit name: a name of the map whose conditions hold, or else a slug.
    /// </summary>
    public bool TryMatchNameOrSlug<T>(string nameOrSlug, in T record, out EventMatch match)
        where T : struct, IRecord
    {
        if (_entries.ContainsKey(nameOrSlug))
            return TryMatchName(nameOrSlug, record, out match);

        match = new(nameOrSlug, nameOrSlug);
        return true;
    }

    private sealed record Entry(string Slug, Conditions? When);
}
