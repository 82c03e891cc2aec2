using Metrix.Client.Rules;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Represents the parts of a message template that can make a log event a Metrix event: a marker <c>&lt;@Name&gt;</c>
/// in the text, and properties whose names are in the slug map.
/// </summary>
internal sealed class LogEventTemplate
{
    private LogEventTemplate(string? marker, Capture[] captures)
    {
        Marker = marker;
        Captures = captures;
    }

    /// <summary>Gets the name in the first marker, or null when the template has no marker.</summary>
    public string? Marker { get; }

    /// <summary>Gets the properties that may capture an event, in the order of the template.</summary>
    public Capture[] Captures { get; }

    /// <summary>Analyzes a template. Returns null when it has neither a marker nor such a property.</summary>
    public static LogEventTemplate? Find(MessageTemplate template, SlugMap slugs)
    {
        string? marker = null;
        List<Capture>? captures = null;
        foreach (var token in template.Tokens)
        {
            switch (token)
            {
                case TextToken text:
                    marker ??= TemplateMarker.Find(text.Text);
                    break;
                case PropertyToken { Destructuring: not Destructuring.Stringify } property
                    when slugs.TryGet(property.PropertyName, out _):
                    (captures ??= []).Add(
                        new(property.PropertyName, property.Destructuring == Destructuring.Destructure));
                    break;
            }
        }

        return marker is null && captures is null ? null : new(marker, captures?.ToArray() ?? []);
    }

    /// <summary>Represents a property of the template whose name is in the slug map.</summary>
    /// <param name="Name">The property's name.</param>
    /// <param name="IsDestructured">Whether the template writes it as <c>{@Name}</c>. If not, the property is an event
    /// only when its value is an object.</param>
    internal readonly record struct Capture(string Name, bool IsDestructured);
}
