using System.Text.Json;

namespace Metrix.Emulator.Validation;

/// <summary>Takes dev-keys out of texts that leave the process, wherever a client put one by mistake.</summary>
internal sealed class KeyMask(EmulatorSettings settings)
{
    private const string Masked = "[dev-key]";

    /// <summary>Shorter is no secret, and to mask every occurrence of a letter or two would ruin each text.</summary>
    private const int MinKeyLength = 4;

    // A key may be the beginning of another: the longest goes first, or its end would stay.
    private readonly string[] _known =
        [.. settings.Apps.Values.Where(IsKey).Distinct(StringComparer.Ordinal).OrderByDescending(key => key.Length)];

    /// <summary>The text without the keys of the apps and without what the request gave as its key.</summary>
    public string Hide(EmulatorRequest request, string text)
    {
        foreach (var key in _known) text = HideKey(text, key);
        foreach (var given in request.HeaderValues("Authorization"))
        {
            // "Bearer KEY": the whole value, then the key without its scheme word.
            if (IsKey(given)) text = HideKey(text, given);
            var key = given[(given.LastIndexOf(' ') + 1)..];
            if (IsKey(key)) text = HideKey(text, key);
        }

        return text;
    }

    /// <summary>The problem without keys: its reason may quote a path or a name that holds one.</summary>
    public Problem Hide(EmulatorRequest request, Problem problem) => problem with
    {
        Reason = Hide(request, problem.Reason),
        Field = problem.Field is null ? null : Hide(request, problem.Field),
    };

    // As it is, as JSON may write it, and as an address does.
    private static string HideKey(string text, string key)
    {
        text = text.Replace(key, Masked, StringComparison.Ordinal);
        foreach (var form in (ReadOnlySpan<string>)[JsonEncodedText.Encode(key).ToString(), Uri.EscapeDataString(key)])
        {
            if (form != key) text = text.Replace(form, Masked, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static bool IsKey(string text) => text.Length >= MinKeyLength;
}
