namespace Metrix.Client.Rules;

/// <summary>
/// Finds the marker <c>&lt;@Name&gt;</c> in a message template, which makes a record an event.
/// </summary>
internal static class TemplateMarker
{
    /// <summary>Returns the name in the first marker, or null.</summary>
    public static string? Find(string text)
    {
        for (var start = text.IndexOf("<@", StringComparison.Ordinal); start >= 0;
             start = text.IndexOf("<@", start + 2, StringComparison.Ordinal))
        {
            var name = text.AsSpan(start + 2);
            var length = 0;
            while (length < name.Length && (char.IsLetterOrDigit(name[length]) || name[length] is '_' or '.' or '-'))
                length++;

            if (length > 0 && length < name.Length && name[length] == '>')
                return name[..length].ToString();
        }

        return null;
    }
}
