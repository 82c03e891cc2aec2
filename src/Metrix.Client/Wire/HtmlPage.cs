namespace Metrix.Client.Wire;

/// <summary>
/// Recognizes the start of an HTML page.
/// </summary>
internal static class HtmlPage
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>
    /// Returns whether a text begins as an HTML page: with <c>&lt;!doctype html</c> or <c>&lt;html</c> in any case,
    /// after an optional byte order mark, white space, comments and an XML declaration.
    /// </summary>
    public static bool IsStartOf(string text)
    {
        var rest = text.AsSpan().TrimStart(ByteOrderMark).TrimStart();
        while (SkipBlock(ref rest, "<!--", "-->") || SkipBlock(ref rest, "<?", ">"))
            rest = rest.TrimStart();

        return StartsWithName(rest, "<html")
            || (StartsWithName(rest, "<!doctype") && StartsWithName(rest["<!doctype".Length..].TrimStart(), "html"));
    }

    private static bool SkipBlock(ref ReadOnlySpan<char> text, string start, string end)
    {
        if (!text.StartsWith(start, StringComparison.Ordinal))
            return false;

        var at = text[start.Length..].IndexOf(end, StringComparison.Ordinal);
        if (at < 0)
            return false;

        text = text[(start.Length + at + end.Length)..];
        return true;
    }

    // "<htmlx" is another element.
    private static bool StartsWithName(ReadOnlySpan<char> text, string name) =>
        text.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (text.Length == name.Length || !char.IsLetterOrDigit(text[name.Length]));
}
