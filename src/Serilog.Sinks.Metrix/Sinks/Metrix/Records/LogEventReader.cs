using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Pushes the properties of a log event into an <see cref="EventBuilder"/>: single values of a level before what lies
/// deeper, so that limits leave the deepest out.
/// </summary>
internal static class LogEventReader
{
    public static void Read(LogEvent logEvent, EventMatch recognition, EventBuilder builder)
    {
        builder.Start(recognition.Slug, logEvent.Timestamp);
        var own = OwnObject(logEvent, recognition, builder.Rules.Slugs);

        foreach (var (name, value) in logEvent.Properties)
            PushFlat(builder, name, value);

        if (own is not null && builder.TryEnter(null))
        {
            PushMembers(builder, logEvent.Properties[own]);
            builder.Leave();
        }

        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != own)
                PushDeep(builder, name, value);
        }
    }

    /// <summary>
    /// The object that the event is of, whose members keep their names: the one that the template captures under the
    /// event's own name, or under a name that the map gives the same slug.
    /// </summary>
    public static string? OwnObject(LogEvent logEvent, EventMatch recognition, SlugMap slugs)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is not (StructureValue or DictionaryValue))
                continue;

            if (string.Equals(name, recognition.Name, StringComparison.OrdinalIgnoreCase) ||
                (slugs.TryGet(name, out var slug) && slug == recognition.Slug))
            {
                return name;
            }
        }

        return null;
    }

    private static void PushMembers(EventBuilder builder, LogEventPropertyValue value)
    {
        foreach (var (name, member) in LogEventValues.Members(value))
            PushFlat(builder, name, member);
        foreach (var (name, member) in LogEventValues.Members(value))
            PushDeep(builder, name, member);
    }

    private static void PushFlat(EventBuilder builder, string name, LogEventPropertyValue value)
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
                    PushItems(text, sequence);
                    builder.EndSequence(name);
                }

                break;
            default:
                builder.AddUnreadable(name);
                break;
        }
    }

    private static void PushDeep(EventBuilder builder, string name, LogEventPropertyValue value)
    {
        if (value is not (StructureValue or DictionaryValue) || !builder.TryEnter(name))
            return;

        PushMembers(builder, value);
        builder.Leave();

        // Serilog found nothing in it to capture: whatever it was, it is lost.
        if (value is StructureValue { Properties.Count: 0 })
            builder.AddUnreadable(name);
    }

    private static void PushItems(JsonArrayText text, SequenceValue sequence)
    {
        foreach (var item in sequence.Elements)
        {
            if (text.IsFull)
                break;
            PushItem(text, item);
        }
    }

    private static void PushItem(JsonArrayText text, LogEventPropertyValue item)
    {
        switch (item)
        {
            case ScalarValue scalar:
                text.Add(scalar.Value);
                break;
            case SequenceValue inner when text.TryBeginArray():
                PushItems(text, inner);
                text.EndArray();
                break;
            case StructureValue or DictionaryValue when text.TryBeginObject():
                foreach (var (name, member) in LogEventValues.Members(item))
                {
                    if (text.IsFull)
                        break;
                    text.Name(name);
                    PushItem(text, member);
                }

                text.EndObject();
                break;
        }
    }
}
