using System.Text.Json;

namespace Metrix.Emulator.Validation;

/// <summary>The fields of an event and what each must be. Strict: it exists to find mistakes.</summary>
internal static class EventRules
{
    private const string HalfACharacter = "an escape that is half of a character: \\ud800 to \\udfff come in pairs";

    private delegate Problem? Rule(EventProperty property, EventDraft draft);

    private static readonly Dictionary<string, Rule> Fields = new(StringComparer.Ordinal)
    {
        ["metrixUserId"] = FilledText,
        ["metrixSessionId"] = FilledText,
        ["advertisingId"] = FilledText,
        ["idfa"] = FilledText,
        ["eventSlug"] = FilledText,
        ["eventTime"] = Digits,
        ["deviceIp"] = Text,
        ["customAttributes"] = (field, draft) => Each(field, draft, Attribute),
        ["customMetrics"] = (field, draft) => Each(field, draft, Metric),
    };

    private static readonly string[] Required = ["metrixUserId", "metrixSessionId", "eventSlug"];

    /// <summary>Reads the event into <paramref name="draft"/>; the first problem, in the body's order.</summary>
    public static Problem? Check(JsonElement root, EventDraft draft) =>
        Each(new EventProperty("", "", root), draft, Field) ?? Presence(draft);

    private static Problem? Each(EventProperty parent, EventDraft draft, Rule rule)
    {
        if (parent.Value.ValueKind != JsonValueKind.Object) return parent.Is($"is {parent.Kind}; it is a JSON object");

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in parent.Value.EnumerateObject())
        {
            if (parent.Child(member) is not { } property) return parent.Is($"has a name with {HalfACharacter}");
            if (!names.Add(property.Name)) return property.Is("is there twice");
            if (rule(property, draft) is { } problem) return problem;
        }

        return null;
    }

    private static Problem? Field(EventProperty field, EventDraft draft) =>
        Fields.TryGetValue(field.Name, out var rule)
            ? rule(field, draft)
            : field.Is("is not a field of an event; an app's own data goes under customAttributes or customMetrics");

    private static Problem? Presence(EventDraft draft)
    {
        foreach (var name in Required)
            if (!draft.Texts.ContainsKey(name)) return new(400, $"{name} is missing", name);

        return (draft.Texts.ContainsKey("advertisingId"), draft.Texts.ContainsKey("idfa")) switch
        {
            (true, true) => new(400, "advertisingId and idfa are both there: send exactly one of the two", "idfa"),
            (false, false) => new(400, "advertisingId and idfa are both missing: send exactly one of the two", "idfa"),
            _ => null,
        };
    }

    private static Problem? Text(EventProperty field, EventDraft draft)
    {
        if (field.Value.ValueKind != JsonValueKind.String)
            return field.Is($"is {field.Kind}; it is a string{Hint(field)}");
        if (field.Text is not { } text) return field.Is($"has {HalfACharacter}");

        draft.Texts[field.Name] = text;
        return null;
    }

    private static Problem? FilledText(EventProperty field, EventDraft draft) =>
        Text(field, draft) ?? (string.IsNullOrWhiteSpace(draft.Texts[field.Name]) ? field.Is("is empty") : null);

    private static Problem? Digits(EventProperty field, EventDraft draft)
    {
        if (Text(field, draft) is { } problem) return problem;

        var text = draft.Texts[field.Name];
        return text.Length > 0 && text.All(char.IsAsciiDigit)
            ? null
            : field.Is("is not a string of digits; it is Unix time, UTC, in the digits 0 to 9");
    }

    private static Problem? Attribute(EventProperty attribute, EventDraft draft)
    {
        var remedy = attribute.Value.ValueKind switch
        {
            JsonValueKind.String => "",
            JsonValueKind.Number => ": send it as a string, or put it under customMetrics",
            JsonValueKind.Null => ": leave it out when there is no value",
            _ => ": send it as a string",
        };
        if (remedy.Length > 0) return attribute.Is($"is {attribute.Kind}; attributes are strings{remedy}");
        if (attribute.Text is not { } text) return attribute.Is($"has {HalfACharacter}");

        draft.Attributes[attribute.Name] = text;
        return null;
    }

    private static Problem? Metric(EventProperty metric, EventDraft draft)
    {
        var remedy = metric.Value.ValueKind switch
        {
            JsonValueKind.Number => "",
            JsonValueKind.String => ": send it without quotes, or put it under customAttributes",
            JsonValueKind.Null => ": leave it out when there is no value",
            _ => ": send it as a number",
        };
        if (remedy.Length > 0) return metric.Is($"is {metric.Kind}; metrics are numbers{remedy}");

        // A number too large for a double comes back as infinity, not as a failure.
        var number = metric.Value.GetDouble();
        if (!double.IsFinite(number)) return metric.Is("is too large; metrics are doubles");

        draft.Metrics[metric.Name] = number;
        return null;
    }

    private static string Hint(EventProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => ": leave it out when there is no value",
        JsonValueKind.Number => ": put it in quotes",
        _ => "",
    };
}
