using System.Diagnostics.CodeAnalysis;
using Metrix.Client.Apps;

namespace Metrix.Client.Mapping;

/// <summary>
/// What both front ends push the properties of a record into. Used by one thread at a time, and again for the next event.
/// </summary>
/// <remarks>
/// What stands on the record itself is pushed first, then what its objects hold, between <see cref="TryEnter"/> and
/// <see cref="Leave"/>: so the outermost of a name is kept, and the innermost is what the limits leave out.
/// </remarks>
internal sealed class EventBuilder(MappingRules rules)
{
    public const int MaxAttributes = 50;
    private const int MaxDepth = 16;
    private const int MaxValues = 1_000;

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<EventProperty> _properties = [];
    private readonly List<OmittedValue> _omitted = [];
    private readonly Stack<(string Prefix, ParentRule Within)> _outer = new();
    private readonly EventFields _fields = new(rules.Fields);
    private readonly JsonArrayText _arrayText = new(rules.Redaction);
    private string _prefix = "";
    private ParentRule _parentRule;
    private int _attributes;
    private int _values;

    public MappingRules Rules => rules;

    /// <summary>The slug that goes to the vendor.</summary>
    public string Slug { get; private set; } = "";

    public DateTimeOffset Time => _fields.Time;

    public IReadOnlyList<EventProperty> Properties => _properties;

    public IReadOnlyList<OmittedValue> Omitted => _omitted;

    /// <summary>What a field was read as, or null when no property carried it.</summary>
    public string? this[EventField field] => _fields[field];

    /// <summary>How many characters the longest field has.</summary>
    public int LongestField => _fields.Longest;

    /// <param name="slug">The slug that goes to the vendor.</param>
    /// <param name="time">The record's own time, unless a property says otherwise.</param>
    public void Start(string slug, DateTimeOffset time)
    {
        Slug = slug;
        _fields.Start(time);
        _index.Clear();
        _properties.Clear();
        _omitted.Clear();
        _outer.Clear();
        _prefix = "";
        _parentRule = ParentRule.None;
        _attributes = 0;
        _values = 0;
    }

    /// <summary>
    /// Whether so much was pushed already that the rest is not worth reading: a dictionary may have no end.
    /// </summary>
    public bool IsFull => _values >= MaxValues;

    /// <summary>Takes a single value: an identity field, an attribute or a metric, as its name and type say.</summary>
    public void Add(string name, object? value)
    {
        _values++;
        name = _prefix + name;
        if (IsReserved(name) || TrySetField(name, value) || !rules.Filter.Allows(name, isOnRecord: Depth == 0, _parentRule))
            return;

        var mapped = ValueRules.Map(value, rules.AsAttributes.Contains(name) || rules.Redaction.Hashes(name));
        switch (mapped.Kind)
        {
            case MappedKind.Unmappable:
                _omitted.Add(new(OmissionReason.Unsupported, name));
                break;
            case MappedKind.Attribute or MappedKind.Metric:
                Put(name, mapped);
                break;
        }
    }

    /// <summary>
    /// Takes an identity field from something that the record belongs to, where nothing nearer carried it.
    /// </summary>
    /// <param name="name">The name of a property, which is passed over when it is no field's.</param>
    /// <param name="value">Its value.</param>
    /// <param name="level">0 for the nearest that the record inherits from, and more for those behind it.</param>
    public void Inherit(string name, object? value, int level) => _fields.Inherit(name, value, level);

    /// <summary>Takes an end user whom the record belongs to, where nothing nearer told of one.</summary>
    /// <param name="identity">The end user.</param>
    /// <param name="level">As above.</param>
    public void Inherit(MetrixIdentity identity, int level) => _fields.Inherit(identity, level);

    /// <summary>
    /// Begins the JSON text of a sequence, or returns false when it is not wanted. <see cref="EndSequence"/> follows.
    /// </summary>
    public bool TryBeginSequence(string name, [NotNullWhen(true)] out JsonArrayText? sequence)
    {
        _values++;
        name = _prefix + name;
        sequence = IsReserved(name) || !rules.Filter.Allows(name, isOnRecord: Depth == 0, _parentRule) ? null : _arrayText;
        sequence?.Begin(name);
        return sequence is not null;
    }

    public void EndSequence(string name)
    {
        name = _prefix + name;
        var text = _arrayText.End(out var hasLeftOut);
        if (hasLeftOut)
            _omitted.Add(new(OmissionReason.Unsupported, name));
        Put(name, MappedValue.Attribute(text));
    }

    /// <summary>
    /// Steps into an object, whose members are named <c>name.member</c>; with null, into the object that the event is of,
    /// whose members keep their names. Returns false when it is not wanted; else <see cref="Leave"/> follows.
    /// </summary>
    public bool TryEnter(string? name)
    {
        _values++;
        var full = _prefix + name;
        var within = name is null ? _parentRule : rules.Filter.Enter(full, isOnRecord: Depth == 0, _parentRule, rules.Fields);
        if (within is null)
            return false;

        if (Depth == MaxDepth)
        {
            _omitted.Add(new(OmissionReason.TooDeep, full));
            return false;
        }

        _outer.Push((_prefix, _parentRule));
        _prefix = name is null ? _prefix : full + ".";
        _parentRule = within.Value;
        return true;
    }

    /// <summary>Puts hashes in the place of the values that the settings want hashed, once the event's app is known.</summary>
    public void Redact(MetrixApp app)
    {
        for (var i = 0; i < _properties.Count; i++)
        {
            if (_properties[i] is { Text: { } text, Name: var name } && rules.Redaction.Hashes(name))
                _properties[i] = _properties[i] with { Text = Redaction.Hash(text, app.HashKey) };
        }
    }

    public void Leave() => (_prefix, _parentRule) = _outer.Pop();

    /// <summary>Counts an object that could not be read at all.</summary>
    public void AddUnreadable(string name) => _omitted.Add(new(OmissionReason.Unsupported, _prefix + name));

    private int Depth => _outer.Count;

    private static bool IsReserved(string name) => name is FieldNames.Slug or FieldNames.SlugPascalCase;

    private bool TrySetField(string name, object? value)
    {
        if (!_fields.TrySet(name, value, Depth, out var isTime))
            return false;

        if (!isTime)
            _omitted.Add(new(OmissionReason.NotATime, name));
        return true;
    }

    private void Put(string name, MappedValue value)
    {
        if (rules.Redaction.Drops(name))
            return;

        if (!Utf8Limit.Fits(name))
        {
            _omitted.Add(new(OmissionReason.NameTooLong, $"{name.AsSpan(0, 32)}…"));
            return;
        }

        var known = _index.TryGetValue(name, out var index);
        if (known && _properties[index].Depth <= Depth)
            return;

        var isAttribute = value.Text is not null;
        var wasAttribute = known && _properties[index].Text is not null;
        if (isAttribute && !wasAttribute && _attributes == MaxAttributes)
        {
            _omitted.Add(new(OmissionReason.TooMany, name));
            return;
        }

        var text = value.Text;
        if (text is not null && !rules.Redaction.Hashes(name) && Utf8Limit.TryTruncate(text, out var cut))
        {
            _omitted.Add(new(OmissionReason.Truncated, name));
            text = cut;
        }

        _attributes += (isAttribute ? 1 : 0) - (wasAttribute ? 1 : 0);
        var property = new EventProperty(name, text, value.Number, Depth);
        if (known)
        {
            _properties[index] = property;
        }
        else
        {
            _index.Add(name, _properties.Count);
            _properties.Add(property);
        }
    }
}
