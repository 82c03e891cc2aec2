using Metrix.Client.Rules;
using Serilog.Events;
using Serilog.Parsing;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// What a message template says of Metrix: a marker <c>&lt;@Name&gt;</c> in its text, or captures of names in the slug map.
/// </summary>
internal sealed class LogEventTemplate
{
    private LogEventTemplate(string? marker, Capture[] captures)
    {
        Marker = marker;
        Captures = captures;
    }

    /// <summary>The name in the first marker.</summary>
    public string? Marker { get; }

    /// <summary>What may be an event, in the order of the template.</summary>
    public Capture[] Captures { get; }

    /// <summary>Looks into a template; null when it says nothing of Metrix.</summary>
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

    /// <summary>A property of the template whose name the slug map has.</summary>
    /// <param name="Name">The property's name.</param>
    /// <param name="IsDestructured">Whether it is written <c>{@Name}</c>; if not, only an object makes it an event.</param>
    internal readonly record struct Capture(string Name, bool IsDestructured);
}
