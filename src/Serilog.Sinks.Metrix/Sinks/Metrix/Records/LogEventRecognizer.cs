using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Tells Metrix events from all other log events, on the thread that logs: in nanoseconds, and without allocating.
/// </summary>
internal sealed class LogEventRecognizer(SlugMap slugs)
{
    private readonly CallSiteCache<MessageTemplate, LogEventTemplate?> _templates =
        new(template => LogEventTemplate.Find(template, slugs));

    public bool TryRecognize(LogEvent logEvent, out EventMatch recognition)
    {
        var properties = logEvent.Properties;
        if (properties.Count > 0 &&
            (TrySlug(logEvent, FieldNames.Slug, out recognition) ||
             TrySlug(logEvent, FieldNames.SlugPascalCase, out recognition)))
        {
            return true;
        }

        if (_templates.GetOrAdd(logEvent.MessageTemplate) is { } template)
        {
            if (template.Marker is { } marker &&
                slugs.TryMatchNameOrSlug(marker, new LogEventRecord(logEvent, marker), out recognition))
            {
                return true;
            }

            foreach (var capture in template.Captures)
            {
                if (properties.TryGetValue(capture.Name, out var value) && IsEvent(value, capture.IsDestructured) &&
                    slugs.TryMatchName(capture.Name, new LogEventRecord(logEvent, capture.Name), out recognition))
                {
                    return true;
                }
            }
        }

        recognition = default;
        return false;
    }

    // Null is as good as absent, as enrichers mean it; an empty text is a slug that somebody forgot to fill in.
    private bool TrySlug(LogEvent logEvent, string property, out EventMatch recognition)
    {
        recognition = default;
        if (!logEvent.Properties.TryGetValue(property, out var value) || value is ScalarValue { Value: null })
            return false;

        var name = value is ScalarValue scalar ? ValueRules.Map(scalar.Value, asAttribute: true).Text?.Trim() ?? "" : "";
        return slugs.TryMatchNameOrSlug(name, new LogEventRecord(logEvent, name), out recognition);
    }

    // A {@Name} that could not be taken apart, as in a trimmed application, is still the event that the code means.
    private static bool IsEvent(LogEventPropertyValue value, bool isDestructured) => value switch
    {
        StructureValue or DictionaryValue => true,
        ScalarValue { Value: not null } => isDestructured,
        _ => false,
    };
}
