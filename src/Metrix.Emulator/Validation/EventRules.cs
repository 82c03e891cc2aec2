using System.Text.Json;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Validation;

/// <summary>
/// Checks and reads the fields of an event. The rules are strict, because their purpose is to find mistakes.
/// </summary>
internal static class EventRules
{
    private const string UnpairedSurrogate = "an unpaired surrogate escape; \\ud800 to \\udfff must come in pairs";
    private const string OmitIfEmpty = "; omit it when it has no value";

    private static readonly Dictionary<string, Rule> Fields = new(StringComparer.Ordinal)
    {
        ["metrixUserId"] = ReadNonEmptyText,
        ["metrixSessionId"] = ReadNonEmptyText,
        ["advertisingId"] = ReadNonEmptyText,
        ["idfa"] = ReadNonEmptyText,
        ["eventSlug"] = ReadNonEmptyText,
        ["eventTime"] = ReadDigits,
        ["deviceIp"] = ReadText,
        ["customAttributes"] = (field, parsed) => ReadEach(field, parsed, ReadAttribute),
        ["customMetrics"] = (field, parsed) => ReadEach(field, parsed, ReadMetric),
    };

    private static readonly string[] Required = ["metrixUserId", "metrixSessionId", "eventSlug"];

    private delegate Problem? Rule(EventProperty property, ParsedEvent parsed);

    /// <summary>
    /// Reads the event into <paramref name="parsed"/>. Returns the first problem in the order of the body, or
    /// <see langword="null"/>.
    /// </summary>
    public static Problem? Check(JsonElement root, ParsedEvent parsed) =>
        ReadEach(new EventProperty("", "", root), parsed, ReadField) ?? CheckPresence(parsed);

    private static Problem? ReadEach(EventProperty parent, ParsedEvent parsed, Rule rule)
    {
        if (parent.Value.ValueKind != JsonValueKind.Object)
            return parent.Invalid($"is {parent.Kind}, but must be a JSON object");

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in parent.Value.EnumerateObject())
        {
            if (parent.Child(member) is not { } property)
                return parent.Invalid($"has a name with {UnpairedSurrogate}");
            if (!names.Add(property.Name)) return property.Invalid("appears twice");
            if (rule(property, parsed) is { } problem) return problem;
        }

        return null;
    }

    private static Problem? ReadField(EventProperty field, ParsedEvent parsed) =>
        Fields.TryGetValue(field.Name, out var rule)
            ? rule(field, parsed)
            : field.Invalid("is not a field of an event; put custom data under customAttributes or customMetrics");

    private static Problem? CheckPresence(ParsedEvent parsed)
    {
        foreach (var name in Required)
            if (!parsed.Texts.ContainsKey(name)) return new(400, $"{name} is missing", name);

        return (parsed.Texts.ContainsKey("advertisingId"), parsed.Texts.ContainsKey("idfa")) switch
        {
            (true, true) => new(400, "advertisingId and idfa are both present; send exactly one of them", "idfa"),
            (false, false) => new(400, "advertisingId and idfa are both missing; send exactly one of them", "idfa"),
            _ => null,
        };
    }

    private static Problem? ReadText(EventProperty field, ParsedEvent parsed)
    {
        var remedy = field.Value.ValueKind switch
        {
            JsonValueKind.Null => OmitIfEmpty,
            JsonValueKind.Number => "; put it in quotes",
            _ => "",
        };
        if (field.Value.ValueKind != JsonValueKind.String)
            return field.Invalid($"is {field.Kind}, but must be a string{remedy}");
        if (field.Text is not { } text) return field.Invalid($"has {UnpairedSurrogate}");

        parsed.Texts[field.Name] = text;
        return null;
    }

    private static Problem? ReadNonEmptyText(EventProperty field, ParsedEvent parsed) =>
        ReadText(field, parsed) ??
        (string.IsNullOrWhiteSpace(parsed.Texts[field.Name]) ? field.Invalid("is empty") : null);

    private static Problem? ReadDigits(EventProperty field, ParsedEvent parsed)
    {
        if (ReadText(field, parsed) is { } problem) return problem;

        var text = parsed.Texts[field.Name];
        return text.Length > 0 && text.All(char.IsAsciiDigit)
            ? null
            : field.Invalid("is not a string of digits; it must be Unix time in UTC, in the digits 0 to 9");
    }

    private static Problem? ReadAttribute(EventProperty attribute, ParsedEvent parsed)
    {
        var remedy = attribute.Value.ValueKind switch
        {
            JsonValueKind.String => "",
            JsonValueKind.Number => "; send it as a string, or put it under customMetrics",
            JsonValueKind.Null => OmitIfEmpty,
            _ => "; send it as a string",
        };
        if (remedy.Length > 0) return attribute.Invalid($"is {attribute.Kind}, but attributes are strings{remedy}");
        if (attribute.Text is not { } text) return attribute.Invalid($"has {UnpairedSurrogate}");

        parsed.Attributes[attribute.Name] = text;
        return null;
    }

    private static Problem? ReadMetric(EventProperty metric, ParsedEvent parsed)
    {
        var remedy = metric.Value.ValueKind switch
        {
            JsonValueKind.Number => "",
            JsonValueKind.String => "; send it without quotes, or put it under customAttributes",
            JsonValueKind.Null => OmitIfEmpty,
            _ => "; send it as a number",
        };
        if (remedy.Length > 0) return metric.Invalid($"is {metric.Kind}, but metrics are numbers{remedy}");

        // GetDouble does not fail on a number that is too large for a double: it returns infinity.
        var number = metric.Value.GetDouble();
        if (!double.IsFinite(number)) return metric.Invalid("is too large for a double");

        parsed.Metrics[metric.Name] = number;
        return null;
    }
}
