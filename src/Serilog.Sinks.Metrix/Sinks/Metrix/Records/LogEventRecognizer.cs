using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Recognizes the log events that are Metrix events. It runs on the thread that logs, so it takes nanoseconds and does
/// not allocate for other log events.
/// </summary>
internal sealed class LogEventRecognizer(SlugMap slugs)
{
    private readonly CallSiteCache<MessageTemplate, LogEventTemplate?> _templates =
        new(template => LogEventTemplate.Find(template, slugs));

    public bool TryRecognize(LogEvent logEvent, out EventMatch match)
    {
        var properties = logEvent.Properties;
        if (properties.Count > 0 &&
            (TrySlug(logEvent, FieldNames.Slug, out match) ||
             TrySlug(logEvent, FieldNames.SlugPascalCase, out match)))
        {
            return true;
        }

        if (_templates.GetOrAdd(logEvent.MessageTemplate) is { } template)
        {
            if (template.Marker is { } marker &&
                slugs.TryMatchNameOrSlug(marker, new LogEventRecord(logEvent, marker), out match))
            {
                return true;
            }

            foreach (var capture in template.Captures)
            {
                if (properties.TryGetValue(capture.Name, out var value) && IsEvent(value, capture.IsDestructured) &&
                    slugs.TryMatchName(capture.Name, new LogEventRecord(logEvent, capture.Name), out match))
                {
                    return true;
                }
            }
        }

        match = default;
        return false;
    }

    // Null counts as absent, because enrichers set null for "no value". An empty text is a slug that was not filled in:
    // it is matched, so that validation rejects and reports it.
    private bool TrySlug(LogEvent logEvent, string property, out EventMatch match)
    {
        match = default;
        if (!logEvent.Properties.TryGetValue(property, out var value) || value is ScalarValue { Value: null })
            return false;

        var name = value is ScalarValue scalar
            ? ValueRules.Map(scalar.Value, asAttribute: true).Text?.Trim() ?? ""
            : "";
        return slugs.TryMatchNameOrSlug(name, new LogEventRecord(logEvent, name), out match);
    }

    // A {@Name} that Serilog could not destructure, as in a trimmed application, is still meant as an event.
    private static bool IsEvent(LogEventPropertyValue value, bool isDestructured) => value switch
    {
        StructureValue or DictionaryValue => true,
        ScalarValue { Value: not null } => isDestructured,
        _ => false,
    };
}
