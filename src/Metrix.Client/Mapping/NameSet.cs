using System.Collections.Frozen;

namespace Metrix.Client.Mapping;

/// <summary>
/// Represents a set of names and <c>prefix*</c> patterns that ignore case.
/// </summary>
internal sealed class NameSet
{
    private readonly FrozenSet<string> _names;
    private readonly string[] _prefixes;

    public NameSet(IEnumerable<string> patterns)
    {
        var lookup = patterns.ToLookup(pattern => pattern.EndsWith('*'));
        _names = lookup[false].ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _prefixes = [.. lookup[true].Select(pattern => pattern[..^1])];
    }

    /// <summary>Returns whether a pattern names a member of an object with this name.</summary>
    public bool HasWithin(string name)
    {
        var prefix = name + ".";
        return _names.Any(known => known.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) ||
            Array.Exists(_prefixes, known => known.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }

    public bool Contains(string name)
    {
        if (_names.Contains(name))
            return true;

        foreach (var prefix in _prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
