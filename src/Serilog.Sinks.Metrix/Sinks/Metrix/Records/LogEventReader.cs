using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Adds the properties of a log event to an <see cref="EventBuilder"/>, the values of each level before the objects in
/// it, so that a limit omits the deepest values.
/// </summary>
internal static class LogEventReader
{
    public static void Read(LogEvent logEvent, EventMatch match, EventBuilder builder)
    {
        builder.Start(match.Slug, logEvent.Timestamp);
        var eventObject = FindEventObject(logEvent, match, builder.Rules.Slugs);

        foreach (var (name, value) in logEvent.Properties)
            AddValue(builder, name, value);

        if (eventObject is not null && builder.TryEnter(null))
        {
            AddMembers(builder, logEvent.Properties[eventObject]);
            builder.Leave();
        }

        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != eventObject)
                AddObject(builder, name, value);
        }
    }

    /// <summary>
    /// Finds the property that holds the event's own object, whose members are sent without a prefix. Returns its name,
    /// or null when there is none.
    /// </summary>
    /// <remarks>
    /// It is the object that the template captures under the event's name, or under a name that the map gives the same
    /// slug.
    /// </remarks>
    public static string? FindEventObject(LogEvent logEvent, EventMatch match, SlugMap slugs)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is not (StructureValue or DictionaryValue))
                continue;

            if (string.Equals(name, match.Name, StringComparison.OrdinalIgnoreCase) ||
                (slugs.TryGet(name, out var slug) && slug == match.Slug))
            {
                return name;
            }
        }

        return null;
    }

    private static void AddMembers(EventBuilder builder, LogEventPropertyValue value)
    {
        foreach (var (name, member) in LogEventValues.Members(value))
            AddValue(builder, name, member);
        foreach (var (name, member) in LogEventValues.Members(value))
            AddObject(builder, name, member);
    }

    private static void AddValue(EventBuilder builder, string name, LogEventPropertyValue value)
    {
        switch (value)
        {
            case StructureValue or DictionaryValue:
                break;
            case ScalarValue scalar:
                builder.Add(name, scalar.Value);
                break;
            case SequenceValue sequence:
                if (builder.TryBeginSequence(name, out var text))
                {
                    AddItems(text, sequence);
                    builder.EndSequence(name);
                }

                break;
            default:
                builder.AddUnreadable(name);
                break;
        }
    }

    private static void AddObject(EventBuilder builder, string name, LogEventPropertyValue value)
    {
        if (value is not (StructureValue or DictionaryValue) || !builder.TryEnter(name))
            return;

        AddMembers(builder, value);
        builder.Leave();

        // Serilog captured no member of the object, so its content is lost. Count that.
        if (value is StructureValue { Properties.Count: 0 })
            builder.AddUnreadable(name);
    }

    private static void AddItems(JsonArrayText text, SequenceValue sequence)
    {
        foreach (var item in sequence.Elements)
        {
            if (text.IsFull)
                break;
            AddItem(text, item);
        }
    }

    private static void AddItem(JsonArrayText text, LogEventPropertyValue item)
    {
        switch (item)
        {
            case ScalarValue scalar:
                text.Add(scalar.Value);
                break;
            case SequenceValue inner when text.TryBeginArray():
                AddItems(text, inner);
                text.EndArray();
                break;
            case StructureValue or DictionaryValue when text.TryBeginObject():
                foreach (var (name, member) in LogEventValues.Members(item))
                {
                    if (text.IsFull)
                        break;
                    text.Name(name);
                    AddItem(text, member);
                }

                text.EndObject();
                break;
        }
    }
}
