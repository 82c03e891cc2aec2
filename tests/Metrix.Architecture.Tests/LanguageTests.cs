using System.Text.RegularExpressions;
using Metrix.Tests.Support;

namespace Metrix.Architecture.Tests;

/// <summary>
/// Asserts that code, tests, samples and documentation avoid phrases that read like a translation.
/// </summary>
public class LanguageTests
{
    // Each phrase, and what to write instead.
    private static readonly (string Pattern, string Better)[] Banned =
    [
        (@"\bwhom\b", "who, or rephrase"),
        (@"\bwhoever\b", "the caller, any thread"),
        (@"\b(he|him|his)\b", "the user, the thread, it"),
        (@"\bstands\b", "is"),
        (@"\b(is|are|was|were) told of\b", "receives, is notified of"),
        (@"\btells? of\b", "describes, reports"),
        (@"\bfor ever\b", "permanently"),
        (@"\bit is no(?! longer\b)\b", "it is not a"),
        (@"\bof its own\b", "its own"),
        (@"\b(goes|go|went) on\b", "continues"),
        (@"\bwhat is to be\b", "rephrase"),
        (@"\bbefalls?\b", "happens to"),
        (@"\bbelongs to him\b", "is attributed to this user"),
        (@"\bsaid once\b", "reported once"),
        (@"\bstands in\b", "is in"),
        (@"\bin the midst of\b", "during"),
        (@"\b(becomes?|became) of\b", "happens to, or the outcome of"),
        (@"\bwithout a word\b", "without closing cleanly"),
        (@"\bwoken at night\b", "the on-call engineer"),
        (@"\bat hand\b", "current"),
        (@"\w*recognis\w*", "recognize"),
        (@"\w*(serialis|initialis|honour|colour|behaviour|neighbour)\w*", "American spelling"),
    ];

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // One expression for all phrases. Nearly every line has none of them.
    private static readonly Regex AnyBanned =
        new(string.Join('|', Banned.Select(banned => banned.Pattern)), Options | RegexOptions.Compiled);

    private static readonly string[] Folders = ["src", "tests", "samples", "bench", "docs"];

    [Fact]
    public void No_text_contains_a_banned_phrase()
    {
        var self = Path.Combine(Checkout.Root, "tests", "Metrix.Architecture.Tests", $"{nameof(LanguageTests)}.cs");
        var found =
            from file in Folders.SelectMany(folder => SourceFiles.In(
                    Path.Combine(Checkout.Root, folder), ".cs", ".md", ".js", ".html", ".css", ".json", ".csproj"))
                .Concat(Directory.EnumerateFiles(Checkout.Root, "*.md"))
            where file != self
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            let words = line.Text.Replace('_', ' ')
            where AnyBanned.IsMatch(words)
            from banned in Banned
            from Match match in Regex.Matches(words, banned.Pattern, Options)
            select $"{Path.GetRelativePath(Checkout.Root, file)}:{line.Number}: \"{match.Value}\" ({banned.Better})";

        var text = string.Join(Environment.NewLine, found);
        Assert.True(text.Length == 0, text);
    }
}
