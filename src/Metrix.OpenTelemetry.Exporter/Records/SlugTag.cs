using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Reads the tag or attribute <c>metrix.slug</c>, which makes a record an event.
/// </summary>
internal static class SlugTag
{
    /// <summary>
    /// Reads the slug or name from a tag, if it is the slug tag. Null counts as absent. An empty text is a slug that
    /// was not filled in: it is read, so that validation rejects and reports it.
    /// </summary>
    public static bool TryRead(in KeyValuePair<string, object?> tag, out string nameOrSlug)
    {
        nameOrSlug = "";
        if (tag.Key is not (FieldNames.Slug or FieldNames.SlugPascalCase) || tag.Value is null)
            return false;

        nameOrSlug = ValueRules.Map(tag.Value, asAttribute: true).Text?.Trim() ?? "";
        return true;
    }
}
