using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// Tells Metrix events from all other log events, on the thread that logs: in nanoseconds, and without allocating.
/// </summary>
internal sealed class LogEventRecogniser(SlugMap slugs)
{
    private readonly TemplateCache _templates = new(slugs);

    public bool TryRecognise(LogEvent logEvent, out Recognition recognition)
    {
        var properties = logEvent.Properties;
        if (properties.Count == 0)
        {
            // Without properties only a marker is left.
            if (_templates.Find(logEvent.MessageTemplate) is { Marker: { } only })
            {
                recognition = Named(only);
                return true;
            }

            recognition = default;
            return false;
        }

        if (TryGetSlug(properties, ReservedNames.Slug, out var name) ||
            TryGetSlug(properties, ReservedNames.SlugWithoutDot, out name))
        {
            recognition = Named(name);
            return true;
        }

        if (_templates.Find(logEvent.MessageTemplate) is { } template)
        {
            if (template.Marker is { } marker)
            {
                recognition = Named(marker);
                return true;
            }

            foreach (var capture in template.Captures)
            {
                if (properties.TryGetValue(capture.Name, out var value) && IsEvent(value, capture.IsDestructured))
                {
                    recognition = new(capture.Slug, capture.Name);
                    return true;
                }
            }
        }

        recognition = default;
        return false;
    }

    private Recognition Named(string name) => new(slugs.Resolve(name), name);

    // Null is as good as absent, as enrichers mean it; an empty text is a slug that somebody forgot to fill in.
    private static bool TryGetSlug(
        IReadOnlyDictionary<string, LogEventPropertyValue> properties, string property, out string name)
    {
        name = "";
        if (!properties.TryGetValue(property, out var value) || value is ScalarValue { Value: null })
            return false;

        name = value is ScalarValue scalar ? ValueRules.Map(scalar.Value, asAttribute: true).Text?.Trim() ?? "" : "";
        return true;
    }

    // A {@Name} that could not be taken apart, as in a trimmed application, is still the event that the code means.
    private static bool IsEvent(LogEventPropertyValue value, bool isDestructured) => value switch
    {
        StructureValue or DictionaryValue => true,
        ScalarValue { Value: not null } => isDestructured,
        _ => false,
    };
}
