using Metrix.Client.Mapping;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Represents the parts of an <c>ILogger</c> message template that can make a log record an event.
/// </summary>
/// <param name="Marker">The name in the first marker <c>&lt;@Name&gt;</c>.</param>
/// <param name="MayContainSlug">Whether a placeholder may be the slug.</param>
/// <param name="MayContainCapture">Whether a placeholder may have a name of the slug map.</param>
internal sealed record LogTemplate(string? Marker, bool MayContainSlug, bool MayContainCapture)
{
    /// <summary>Gets the value for a record without a template, whose attributes may be anything.</summary>
    public static LogTemplate None { get; } = new(null, MayContainSlug: true, MayContainCapture: true);

    /// <summary>
    /// Analyzes a template. It searches the whole text, so it may find a name outside of a placeholder. That costs
    /// time, but it does not miss an event.
    /// </summary>
    public static LogTemplate Parse(string text, SlugMap slugs) => new(
        TemplateMarker.Find(text),
        text.Contains(FieldNames.Slug, StringComparison.Ordinal) ||
            text.Contains(FieldNames.SlugPascalCase, StringComparison.Ordinal),
        slugs.Names.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)));
}
