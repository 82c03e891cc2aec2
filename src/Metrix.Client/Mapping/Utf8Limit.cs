using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Metrix.Client.Mapping;

/// <summary>
/// Applies the vendor's limit on names and values, in bytes of UTF-8.
/// </summary>
internal static class Utf8Limit
{
    public const int MaxBytes = 512;

    /// <summary>Returns whether a text has at most <see cref="MaxBytes"/> bytes.</summary>
    public static bool Fits(string text) =>
        text.Length <= MaxBytes / 3 || (text.Length <= MaxBytes && Encoding.UTF8.GetByteCount(text) <= MaxBytes);

    /// <summary>Truncates a text that is too long, at a whole character.</summary>
    public static bool TryTruncate(string text, [NotNullWhen(true)] out string? truncated)
    {
        truncated = null;
        if (Fits(text))
            return false;

        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
                break;

            // A lone surrogate counts as the replacement character that it becomes: three bytes, one char.
            length += rune.Utf16SequenceLength;
        }

        truncated = text[..length];
        return true;
    }
}
