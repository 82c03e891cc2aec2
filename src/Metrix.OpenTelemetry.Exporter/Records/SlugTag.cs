using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// The tag or attribute <c>metrix.slug</c>, which makes a record an event.
/// </summary>
internal static class SlugTag
{
    /// <summary>
    /// Reads the slug or name that a tag holds, when it is that tag. Null is as good as absent; an empty text is a slug that
    /// somebody forgot to fill in.
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
