namespace Metrix.Client.Mapping;

/// <summary>
/// The fields of an event that is being built: whom it belongs to, and when it happened. The nearest value wins: on the
/// record itself before an object in it, on the record before what it inherits from.
/// </summary>
internal sealed class EventFields(FieldMap names)
{
    // Inherited values lie behind all that a record holds, however deep.
    private const int FirstInheritedLevel = 1_000;
    private const int RanksOfOneLevel = 256;

    private static readonly int Count = Enum.GetValues<EventField>().Length;

    private readonly string?[] _values = new string?[Count];
    private readonly int[] _ranks = new int[Count];

    public string? this[EventField field] => _values[(int)field];

    /// <summary>How many characters the longest has.</summary>
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

    /// <summary>When the event happened.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <param name="time">The record's own time, unless a property says otherwise.</param>
    public void Start(DateTimeOffset time)
    {
        Time = time;
        Array.Clear(_values);
        Array.Fill(_ranks, int.MaxValue);
    }

    /// <summary>
    /// Takes a property of the record, when its name is that of a field.
    /// </summary>
    /// <param name="name">The property's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="depth">0 on the record itself, more in its objects.</param>
    /// <param name="isTime">False when it should have been the time of the event, and is none.</param>
    /// <returns>Whether the name is that of a field, and so no attribute's.</returns>
    public bool TrySet(string name, object? value, int depth, out bool isTime)
    {
        isTime = true;
        if (!names.TryGet(name, out var field, out var rank))
            return false;

        rank += depth * RanksOfOneLevel;
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
    /// Takes what the record did not say itself, from something that it belongs to. An event's time is never inherited,
    /// and of the two advertising ids none is where a nearer level has the other.
    /// </summary>
    /// <param name="name">The name of a property, which is passed over when it is no field's.</param>
    /// <param name="value">Its value.</param>
    /// <param name="level">0 for the nearest that the record inherits from, and more for those behind it.</param>
    public void Inherit(string name, object? value, int level)
    {
        if (!names.TryGet(name, out var field, out var rank) || field == EventField.EventTime)
            return;

        rank += (FirstInheritedLevel + level) * RanksOfOneLevel;
        if (rank >= _ranks[(int)field] || TextOf(value) is not { } text || HasNearer(OtherAdvertisingId(field), rank))
            return;

        Set(field, text, rank);
    }

    /// <summary>Takes an end user whom the record belongs to, where nothing nearer told of one.</summary>
    public void Inherit(MetrixIdentity identity, int level)
    {
        foreach (var (field, value) in identity.Fields())
            Inherit(FieldNames.NameOf(field), value, level);
    }

    private static string? TextOf(object? value) =>
        ValueRules.Map(value, asAttribute: true) is { Kind: MappedKind.Attribute, Text: { } text } && !string.IsNullOrWhiteSpace(text)
            ? text.Trim()
            : null;

    private static EventField? OtherAdvertisingId(EventField field) => field switch
    {
        EventField.AdvertisingId => EventField.Idfa,
        EventField.Idfa => EventField.AdvertisingId,
        _ => null,
    };

    private bool HasNearer(EventField? field, int rank) =>
        field is { } other && _ranks[(int)other] / RanksOfOneLevel < rank / RanksOfOneLevel;

    private void Set(EventField field, string text, int rank)
    {
        _ranks[(int)field] = rank;
        _values[(int)field] = text;
    }
}
