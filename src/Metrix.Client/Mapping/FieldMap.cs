using System.Collections.Frozen;

namespace Metrix.Client.Mapping;

/// <summary>
/// Which property names carry which field of an event, and how far each is preferred.
/// </summary>
internal sealed class FieldMap
{
    private readonly FrozenDictionary<string, (EventField Field, int Rank)> _fields;
    private readonly string[][] _names;

    public FieldMap(IDictionary<string, string> renamed)
    {
        _names = [.. Enum.GetValues<EventField>().Select(field => FieldNames.NamesOf(field, renamed).ToArray())];

        // One property may be asked for twice when a field was renamed to another's name: the first field keeps it.
        var fields = new Dictionary<string, (EventField, int)>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in Enum.GetValues<EventField>())
        {
            for (var rank = 0; rank < _names[(int)field].Length; rank++)
                fields.TryAdd(_names[(int)field][rank], (field, rank));
        }

        _fields = fields.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The field that a property carries; the lower the rank, the more it is preferred.</summary>
    public bool TryGet(string name, out EventField field, out int rank)
    {
        var isField = _fields.TryGetValue(name, out var found);
        (field, rank) = found;
        return isField;
    }

    /// <summary>Whether a field is read from something that lies in an object of this name.</summary>
    public bool HasWithin(string name) =>
        _fields.Keys.Any(known => known.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase));

    /// <summary>The names that a field is read from, the preferred first.</summary>
    public ReadOnlySpan<string> NamesOf(EventField field) => _names[(int)field];
}
