using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// Tells Metrix events from all other log events, on the thread that logs: in nanoseconds, and without allocating.
/// </summary>
internal sealed class LogEventRecogniser(SlugMap slugs)
{
    private readonly TemplateCache<MessageTemplate, TemplateMatch?> _templates =
        new(template => TemplateMatch.Find(template, slugs));

    public bool TryRecognise(LogEvent logEvent, out Recognition recognition)
    {
        var properties = logEvent.Properties;
        if (properties.Count > 0 &&
            (TrySlug(logEvent, ReservedNames.Slug, out recognition) ||
             TrySlug(logEvent, ReservedNames.SlugWithoutDot, out recognition)))
        {
            return true;
        }

        if (_templates.Find(logEvent.MessageTemplate) is { } template)
        {
            if (template.Marker is { } marker &&
                slugs.TryNameOrSlug(marker, new LogEventSource(logEvent, marker), out recognition))
            {
                return true;
            }

            foreach (var capture in template.Captures)
            {
                if (properties.TryGetValue(capture.Name, out var value) && IsEvent(value, capture.IsDestructured) &&
                    slugs.TryName(capture.Name, new LogEventSource(logEvent, capture.Name), out recognition))
                {
                    return true;
                }
            }
        }

        recognition = default;
        return false;
    }

    // Null is as good as absent, as enrichers mean it; an empty text is a slug that somebody forgot to fill in.
    private bool TrySlug(LogEvent logEvent, string property, out Recognition recognition)
    {
        recognition = default;
        if (!logEvent.Properties.TryGetValue(property, out var value) || value is ScalarValue { Value: null })
            return false;

        var name = value is ScalarValue scalar ? ValueRules.Map(scalar.Value, asAttribute: true).Text?.Trim() ?? "" : "";
        return slugs.TryNameOrSlug(name, new LogEventSource(logEvent, name), out recognition);
    }

    // A {@Name} that could not be taken apart, as in a trimmed application, is still the event that the code means.
    private static bool IsEvent(LogEventPropertyValue value, bool isDestructured) => value switch
    {
        StructureValue or DictionaryValue => true,
        ScalarValue { Value: not null } => isDestructured,
        _ => false,
    };
}
