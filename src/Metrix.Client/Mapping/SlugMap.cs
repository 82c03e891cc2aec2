using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Mapping;

/// <summary>
/// From the names that code uses to the slugs that the panel gave, without regard to case: configuration does not
/// promise the case of its keys.
/// </summary>
internal sealed class SlugMap(IEnumerable<KeyValuePair<string, string>> slugs)
{
    private readonly FrozenDictionary<string, string> _slugs =
        slugs.ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The slug of a name that the map knows.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? slug) => _slugs.TryGetValue(name, out slug);

    /// <summary>The slug of a name that the map knows, else the name, which then is a slug itself.</summary>
    public string Resolve(string nameOrSlug) => _slugs.GetValueOrDefault(nameOrSlug, nameOrSlug);
}
