namespace Metrix.Client.Mapping;

/// <summary>
/// Collects the fields of an event that is being built: its user, app and time. The nearest value wins: the record
/// itself before its objects, the record before what it inherits from.
/// </summary>
internal sealed class EventFields(FieldMap names)
{
    // Inherited values rank behind every value of the record, however deep.
    private const int FirstInheritedLevel = 1_000;
    private const int RanksPerLevel = 256;

    private static readonly int Count = Enum.GetValues<EventField>().Length;

    private readonly string?[] _values = new string?[Count];
    private readonly int[] _ranks = new int[Count];

    public string? this[EventField field] => _values[(int)field];

    /// <summary>Gets the number of characters of the longest field.</summary>
    public int Longest
    {
        get
        {
            var longest = 0;
            foreach (var value in _values)
                longest = Math.Max(longest, value?.Length ?? 0);
            return longest;
        }
    }

    /// <summary>Gets when the event happened.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>Starts a new event.</summary>
    /// <param name="time">The record's own time, which a property can replace.</param>
    public void Start(DateTimeOffset time)
    {
        Time = time;
        Array.Clear(_values);
        Array.Fill(_ranks, int.MaxValue);
    }

    /// <summary>
    /// Sets a field from a property of the record, if the property has the name of a field.
    /// </summary>
    /// <param name="name">The name of the property.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="depth">0 on the record itself, greater in its objects.</param>
    /// <param name="isTime">False if the property should be the time of the event and is not a time.</param>
    /// <returns>Whether the property has the name of a field, and so is not an attribute.</returns>
    public bool TrySet(string name, object? value, int depth, out bool isTime)
    {
        isTime = true;
        if (!names.TryGet(name, out var field, out var rank))
            return false;

        rank += depth * RanksPerLevel;
        if (rank >= _ranks[(int)field] || TextOf(value) is not { } text)
            return true;

        if (field == EventField.EventTime)
        {
            isTime = TimeRules.TryRead(value!, out var time);
            if (!isTime)
                return true;

            Time = time;
        }

        Set(field, text, rank);
        return true;
    }

    /// <summary>
    /// Sets a field that the record does not have, from a context that the record is in. The time is never inherited.
    /// An advertising id is not inherited if a nearer level has the other platform's.
    /// </summary>
    /// <param name="name">The name of a property. Ignored unless it is the name of a field.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="level">0 for the nearest context, greater for those around it.</param>
    public void Inherit(string name, object? value, int level)
    {
        if (!names.TryGet(name, out var field, out var rank) || field == EventField.EventTime)
            return;

        rank += (FirstInheritedLevel + level) * RanksPerLevel;
        if (rank >= _ranks[(int)field] || TextOf(value) is not { } text || HasNearer(OtherAdvertisingId(field), rank))
            return;

        Set(field, text, rank);
    }

    /// <summary>Sets the fields of an end user, where nothing nearer has set them.</summary>
    public void Inherit(MetrixIdentity identity, int level)
    {
        foreach (var (field, value) in identity.Fields())
            Inherit(FieldNames.NameOf(field), value, level);
    }

    private static string? TextOf(object? value) =>
        ValueRules.Map(value, asAttribute: true) is { Kind: MappedKind.Attribute, Text: { } text } &&
        !string.IsNullOrWhiteSpace(text)
            ? text.Trim()
            : null;

    private static EventField? OtherAdvertisingId(EventField field) => field switch
    {
        EventField.AdvertisingId => EventField.Idfa,
        EventField.Idfa => EventField.AdvertisingId,
        _ => null,
    };

    private bool HasNearer(EventField? field, int rank) =>
        field is { } other && _ranks[(int)other] / RanksPerLevel < rank / RanksPerLevel;

    private void Set(EventField field, string text, int rank)
    {
        _ranks[(int)field] = rank;
        _values[(int)field] = text;
    }
}
