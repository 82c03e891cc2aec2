using System.Collections;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using OpenTelemetry.Logs;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Recognizes the log records that are Metrix events. It runs on the thread that logs, so it takes nanoseconds and does
/// not allocate for others.
/// </summary>
/// <remarks>
/// It reads the attributes of a record only if its template may contain a slug or a captured object, or if it has no
/// template: reading an attribute boxes its value.
/// </remarks>
internal sealed class LogRecordRecognizer(SlugMap slugs)
{
    public const string TemplateKey = "{OriginalFormat}";
    private const char CapturePrefix = '@';

    private readonly CallSiteCache<string, LogTemplate> _templates = new(text => LogTemplate.Parse(text, slugs));

    /// <summary>Returns the name of an attribute without the prefix of a captured object.</summary>
    public static string NameOf(string? attribute, out bool isCaptured)
    {
        isCaptured = attribute?.Length > 1 && attribute[0] == CapturePrefix;
        return isCaptured ? attribute![1..] : attribute ?? "";
    }

    public bool TryRecognize(LogRecord record, out EventMatch match)
    {
        var attributes = record.Attributes;
        var template = attributes is { Count: > 0 } && attributes[^1] is { Key: TemplateKey, Value: string text }
            ? _templates.GetOrAdd(text)
            : LogTemplate.None;

        if (template.MayContainSlug && TryMatchAttribute(record, attributes, out match))
            return true;
        if (TryMatchScope(record, out match))
            return true;
        if (template.Marker is { } marker &&
            slugs.TryMatchNameOrSlug(marker, new LogRecordRecord(record, marker), out match))
        {
            return true;
        }

        if (template.MayContainCapture && TryMatchCapture(record, attributes, out match))
            return true;

        match = default;
        return record.EventId.Name is { } eventName &&
            slugs.TryMatchName(eventName, new LogRecordRecord(record, eventName), out match);
    }

    private bool TryMatchAttribute(
        LogRecord record, IReadOnlyList<KeyValuePair<string, object?>>? attributes, out EventMatch match)
    {
        for (var i = 0; i < attributes?.Count; i++)
        {
            if (SlugTag.TryRead(attributes[i], out var name) &&
                slugs.TryMatchNameOrSlug(name, new LogRecordRecord(record, name), out match))
            {
                return true;
            }
        }

        match = default;
        return false;
    }

    private bool TryMatchScope(LogRecord record, out EventMatch match)
    {
        match = default;
        return new LogRecordScopes(record).TryFind(FieldNames.Slug, FieldNames.SlugPascalCase, out var value) &&
            SlugTag.TryRead(new(FieldNames.Slug, value), out var name) &&
            slugs.TryMatchNameOrSlug(name, new LogRecordRecord(record, name), out match);
    }

    private bool TryMatchCapture(
        LogRecord record, IReadOnlyList<KeyValuePair<string, object?>>? attributes, out EventMatch match)
    {
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (key, value) = attributes[i];
            var name = NameOf(key, out var isCaptured);
            if (value is not null && (isCaptured || IsStructure(value)) &&
                slugs.TryMatchName(name, new LogRecordRecord(record, name), out match))
            {
                return true;
            }
        }

        match = default;
        return false;
    }

    private static bool IsStructure(object value) =>
        value is IDictionary or
            IEnumerable<KeyValuePair<string, object?>> or
            IEnumerable<KeyValuePair<string, string>>;
}
