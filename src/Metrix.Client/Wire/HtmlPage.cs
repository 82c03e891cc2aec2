namespace Metrix.Client.Wire;

/// <summary>
/// Recognizes the start of an HTML page.
/// </summary>
internal static class HtmlPage
{
    // The elements with which a browser takes a text for a page, without those that a short answer may use, such as <b>
    // and <p> (https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type).
    private static readonly string[] FirstElements =
        ["<html", "<head", "<title", "<meta", "<script", "<style", "<body"];

    /// <summary>
    /// Returns whether a text begins as an HTML page: with <c>&lt;!doctype html</c>, <c>&lt;html</c> or an element that
    /// only a page has, in any case, after an optional byte order mark, white space, comments and an XML declaration. A
    /// comment that is longer than the text counts, too.
    /// </summary>
    public static bool IsStartOf(string text)
    {
        // In UTF-16, every other character is a zero, and the byte order mark is not valid UTF-8.
        var rest = text.Replace("\0", "", StringComparison.Ordinal).AsSpan().TrimStart(" \t\r\n\f\uFEFF\uFFFD");
        while (SkipBlock(ref rest, "<!--", "-->") || SkipBlock(ref rest, "<?", ">"))
            rest = rest.TrimStart();

        return rest.StartsWith("<!--", StringComparison.Ordinal)
            || StartsWithElement(rest)
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

    private static bool StartsWithElement(ReadOnlySpan<char> text)
    {
        foreach (var element in FirstElements)
        {
            if (StartsWithName(text, element))
                return true;
        }

        return false;
    }

    // "<htmlx" is another element.
    private static bool StartsWithName(ReadOnlySpan<char> text, string name) =>
        text.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (text.Length == name.Length || !char.IsLetterOrDigit(text[name.Length]));
}
