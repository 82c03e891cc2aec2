using System.Text.Json;

namespace Metrix.Emulator.Http;

/// <summary>Masks dev-keys in texts that leave the process. A client may send a key in any field by mistake.</summary>
internal sealed class KeyMask(IEnumerable<string> keys)
{
    private const string Mask = "[dev-key]";

    /// <summary>
    /// A shorter text is not a secret. Masking each occurrence of a letter or two would make every text unreadable.
    /// </summary>
    private const int MinKeyLength = 4;

    // A key may be a prefix of another. The longest is masked first; otherwise the rest of it would remain.
    private readonly string[] _keys =
        [.. keys.Where(IsKey).Distinct(StringComparer.Ordinal).OrderByDescending(key => key.Length)];

    /// <summary>Returns the text without the keys of the apps and without the key that the request sent.</summary>
    public string Hide(EmulatorRequest request, string text)
    {
        foreach (var key in _keys) text = HideKey(text, key);
        foreach (var value in request.HeaderValues("Authorization"))
        {
            // For "Bearer KEY": the whole value first, then the key without its scheme.
            if (IsKey(value)) text = HideKey(text, value);
            var key = value[(value.LastIndexOf(' ') + 1)..];
            if (IsKey(key)) text = HideKey(text, key);
        }

        return text;
    }

    /// <summary>Returns the problem without keys. Its reason may quote a path or a name that contains one.</summary>
    public Problem Hide(EmulatorRequest request, Problem problem) => problem with
    {
        Reason = Hide(request, problem.Reason),
        Field = problem.Field is null ? null : Hide(request, problem.Field),
    };

    // Masks the key in its plain form, as JSON may escape it, and as a URL does.
    private static string HideKey(string text, string key)
    {
        text = text.Replace(key, Mask, StringComparison.Ordinal);
        foreach (var form in (ReadOnlySpan<string>)[JsonEncodedText.Encode(key).ToString(), Uri.EscapeDataString(key)])
        {
            if (form != key) text = text.Replace(form, Mask, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static bool IsKey(string text) => text.Length >= MinKeyLength;
}
