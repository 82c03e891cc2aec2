using System.Collections.Frozen;

namespace Metrix.Client.Mapping;

/// <summary>
/// Maps property names to the fields of an event, with an order of preference.
/// </summary>
internal sealed class FieldMap
{
    private readonly FrozenDictionary<string, (EventField Field, int Rank)> _fields;
    private readonly string[][] _names;

    public FieldMap(IDictionary<string, string> renamed)
    {
        _names = [.. Enum.GetValues<EventField>().Select(field => FieldNames.NamesOf(field, renamed).ToArray())];

        // If a field was renamed to another field's name, the first field keeps the name.
        var fields = new Dictionary<string, (EventField, int)>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in Enum.GetValues<EventField>())
        {
            for (var rank = 0; rank < _names[(int)field].Length; rank++)
                fields.TryAdd(_names[(int)field][rank], (field, rank));
        }

        _fields = fields.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns the field that a property holds. A lower rank is preferred.</summary>
    public bool TryGet(string name, out EventField field, out int rank)
    {
        var isField = _fields.TryGetValue(name, out var found);
        (field, rank) = found;
        return isField;
    }

    /// <summary>Returns whether a field is read from a member of an object with this name.</summary>
    public bool HasWithin(string name) =>
        _fields.Keys.Any(known => known.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the names that a field is read from, in order of preference.</summary>
    public ReadOnlySpan<string> NamesOf(EventField field) => _names[(int)field];
}
