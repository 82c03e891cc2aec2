using System.Text.Json;

namespace Metrix.Emulator.Validation;

/// <summary>A JSON property on its way through the rules.</summary>
/// <param name="Path">Where it stands, such as <c>customMetrics.amount</c>; empty for the body itself.</param>
/// <param name="Name">Its own name, such as <c>amount</c>.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct EventProperty(string Path, string Name, JsonElement Value)
{
    public string Kind => Value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        _ => "an array",
    };

    /// <summary>The text of a string; <see langword="null"/> when an escape in it is half of a character.</summary>
    public string? Text
    {
        get
        {
            // The body is valid UTF-8, so all that cannot be decoded is "\ud83d" without its other half. JSON's grammar
            // allows it, and the reader has no Try method for it.
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

    /// <summary>A property of this object; <see langword="null"/> when its name has half of a character.</summary>
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

    public Problem Is(string wrong)
    {
        // A name can be as long as the body; the reason is for a human.
        var subject = Path.Length switch { 0 => "the body", > 100 => Path[..100] + "…", _ => Path };
        return new(400, $"{subject} {wrong}", Path.Length == 0 ? null : Path);
    }
}
