using System.Text.Json;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Validation;

/// <summary>Represents a JSON property that the rules check.</summary>
/// <param name="Path">Its path, such as <c>customMetrics.amount</c>. Empty for the body itself.</param>
/// <param name="Name">Its own name, such as <c>amount</c>.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct EventProperty(string Path, string Name, JsonElement Value)
{
    private const int MaxPathChars = 100;

    public string Kind => Value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => "an array",
    };

    /// <summary>Gets the text of a string, or <see langword="null"/> if it has an unpaired surrogate escape.</summary>
    public string? Text
    {
        get
        {
            // The body is valid UTF-8, so the only text that cannot be decoded has "\ud83d" without its other half.
            // JSON's grammar allows it, and the reader has no Try method for it.
            try
            {
                return Value.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Returns a property of this object, or <see langword="null"/> if its name has an unpaired surrogate escape.
    /// </summary>
    public EventProperty? Child(JsonProperty child)
    {
        try
        {
            return new(Path.Length == 0 ? child.Name : $"{Path}.{child.Name}", child.Name, child.Value);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// Creates a problem about this property. The reason continues a sentence that starts with its path.
    /// </summary>
    public Problem Invalid(string reason)
    {
        // A name can be as long as the body, but a person reads the reason.
        var subject = Path.Length switch
        {
            0 => "the body",
            > MaxPathChars => Path[..MaxPathChars] + "…",
            _ => Path,
        };
        return new(400, $"{subject} {reason}", Path.Length == 0 ? null : Path);
    }
}
