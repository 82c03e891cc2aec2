using System.Diagnostics.CodeAnalysis;

namespace Metrix.Client.Mapping;

/// <summary>
/// Collects the properties of a record. Used by one thread at a time, and reused for the next event.
/// </summary>
/// <remarks>
/// The record's own properties are added first, then the members of its objects, between <see cref="TryEnter"/> and
/// <see cref="Leave"/>. Of several values with one name the outermost is kept, and the limits omit the innermost.
/// </remarks>
internal sealed class EventBuilder(MappingRules rules)
{
    public const int MaxAttributes = 50;
    private const int MaxDepth = 16;
    private const int MaxValues = 1_000;

    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<EventProperty> _properties = [];
    private readonly List<OmittedValue> _omitted = [];
    private readonly Stack<(string Prefix, ParentRule Rule)> _outer = new();
    private readonly EventFields _fields = new(rules.Fields);
    private readonly JsonArrayText _arrayText = new(rules.Redaction);
    private string _prefix = "";
    private ParentRule _parentRule;
    private int _attributes;
    private int _values;

    public MappingRules Rules => rules;

    /// <summary>Gets the slug that is sent.</summary>
    public string Slug { get; private set; } = "";

    public DateTimeOffset Time => _fields.Time;

    public IReadOnlyList<EventProperty> Properties => _properties;

    public IReadOnlyList<OmittedValue> Omitted => _omitted;

    /// <summary>Gets the value of a field, or null if no property held it.</summary>
    public string? this[EventField field] => _fields[field];

    /// <summary>Gets the number of characters of the longest field.</summary>
    public int LongestField => _fields.Longest;

    /// <summary>Starts a new event.</summary>
    /// <param name="slug">The slug that is sent.</param>
    /// <param name="time">The record's own time, which a property can replace.</param>
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
    /// Gets whether so many values were added that the rest is not read. A dictionary may be endless.
    /// </summary>
    public bool IsFull => _values >= MaxValues;

    /// <summary>Adds a single value: a field, an attribute or a metric, depending on its name and type.</summary>
    public void Add(string name, object? value)
    {
        _values++;
        name = _prefix + name;
        if (IsReserved(name) || TrySetField(name, value) ||
            !rules.Filter.Allows(name, isOnRecord: Depth == 0, _parentRule))
        {
            return;
        }

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
    /// Adds a field from a context that the record is in, if nothing nearer has set it.
    /// </summary>
    /// <param name="name">The name of a property. Ignored unless it is the name of a field.</param>
    /// <param name="value">The value of the property.</param>
    /// <param name="level">0 for the nearest context, greater for those around it.</param>
    public void Inherit(string name, object? value, int level) => _fields.Inherit(name, value, level);

    /// <summary>Adds the fields of an end user, where nothing nearer has set them.</summary>
    /// <param name="identity">The end user.</param>
    /// <param name="level">0 for the nearest context, greater for those around it.</param>
    public void Inherit(MetrixIdentity identity, int level) => _fields.Inherit(identity, level);

    /// <summary>
    /// Starts the JSON text of a sequence, followed by <see cref="EndSequence"/>. Returns false if the sequence is not
    /// sent.
    /// </summary>
    public bool TryBeginSequence(string name, [NotNullWhen(true)] out JsonArrayText? sequence)
    {
        _values++;
        name = _prefix + name;
        var isSent = !IsReserved(name) && rules.Filter.Allows(name, isOnRecord: Depth == 0, _parentRule);
        sequence = isSent ? _arrayText : null;
        sequence?.Begin(name);
        return sequence is not null;
    }

    public void EndSequence(string name)
    {
        name = _prefix + name;
        var text = _arrayText.End(out var hasOmitted);
        if (hasOmitted)
            _omitted.Add(new(OmissionReason.Unsupported, name));
        Put(name, MappedValue.Attribute(text));
    }

    /// <summary>
    /// Enters an object, whose members are named <c>name.member</c>. With null, enters the event's own object, whose
    /// members keep their names. Returns false if the object is not sent; otherwise <see cref="Leave"/> follows.
    /// </summary>
    public bool TryEnter(string? name)
    {
        _values++;
        var full = _prefix + name;
        var rule = name is null
            ? _parentRule
            : rules.Filter.Enter(full, isOnRecord: Depth == 0, _parentRule, rules.Fields);
        if (rule is null)
            return false;

        if (Depth == MaxDepth)
        {
            _omitted.Add(new(OmissionReason.TooDeep, full));
            return false;
        }

        _outer.Push((_prefix, _parentRule));
        _prefix = name is null ? _prefix : full + ".";
        _parentRule = rule.Value;
        return true;
    }

    public void Leave() => (_prefix, _parentRule) = _outer.Pop();

    /// <summary>Replaces the values to be hashed with their hashes. Called when the event's app is known.</summary>
    public void Redact(byte[] hashKey)
    {
        for (var i = 0; i < _properties.Count; i++)
        {
            if (_properties[i] is { Text: { } text, Name: var name } && rules.Redaction.Hashes(name))
                _properties[i] = _properties[i] with { Text = Redaction.Hash(text, hashKey) };
        }
    }

    /// <summary>Records an object that could not be read.</summary>
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
        if (text is not null && !rules.Redaction.Hashes(name) && Utf8Limit.TryTruncate(text, out var truncated))
        {
            _omitted.Add(new(OmissionReason.Truncated, name));
            text = truncated;
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
