using Metrix.Client.Mapping;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// What a message template of <c>ILogger</c> says of Metrix.
/// </summary>
/// <param name="Marker">The name in the first marker <c>&lt;@Name&gt;</c>.</param>
/// <param name="MayHoldSlug">Whether one of its holes is the slug.</param>
/// <param name="MayHoldCapture">Whether one of its holes has a name of the slug map.</param>
internal sealed record LogTemplate(string? Marker, bool MayHoldSlug, bool MayHoldCapture)
{
    /// <summary>Of a record without a template: its attributes may be anything.</summary>
    public static LogTemplate None { get; } = new(null, MayHoldSlug: true, MayHoldCapture: true);

    /// <summary>Looks into a template. It may take for a hole what is none; that costs time, and no event.</summary>
    public static LogTemplate Parse(string text, SlugMap slugs) => new(
        TemplateMarker.Find(text),
        text.Contains(FieldNames.Slug, StringComparison.Ordinal) || text.Contains(FieldNames.SlugPascalCase, StringComparison.Ordinal),
        slugs.Names.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)));
}
