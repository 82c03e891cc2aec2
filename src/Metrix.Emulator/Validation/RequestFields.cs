using System.Text.Json;

namespace Metrix.Emulator.Validation;

/// <summary>
/// Lists the fields of a body in its order, valid or not, to show them. A body that is not a JSON object has no fields.
/// </summary>
internal sealed class RequestFields
{
    private static readonly RequestFields Empty = new([]);

    private RequestFields(IReadOnlyList<Entry> entries) => Entries = entries;

    /// <summary>Gets the fields. Each attribute and each metric is an entry.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public static RequestFields Of(EmulatorRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new([.. ReadMembers(new EventProperty("", "", document.RootElement), "")])
                : Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    /// <summary>
    /// Returns the text of a top-level field, or <see langword="null"/> if the body does not have it.
    /// </summary>
    public string? Text(string name) =>
        Entries.FirstOrDefault(entry => entry.Parent.Length == 0 && entry.Name == name)?.Text;

    private static IEnumerable<Entry> ReadMembers(EventProperty parent, string parentName)
    {
        foreach (var member in parent.Value.EnumerateObject())
        {
            if (parent.Child(member) is not { } property) continue;

            var isGroup = parentName.Length == 0 && property.Value.ValueKind == JsonValueKind.Object &&
                property.Name is "customAttributes" or "customMetrics";
            if (isGroup)
                foreach (var child in ReadMembers(property, property.Name)) yield return child;
            else
                yield return new(
                    property.Path, parentName, property.Name, property.Kind,
                    property.Text ?? property.Value.GetRawText());
        }
    }

    /// <param name="Path">Its path, such as <c>customMetrics.amount</c>.</param>
    /// <param name="Parent">The name of the object that contains it. Empty for a top-level field.</param>
    /// <param name="Name">Its own name.</param>
    /// <param name="Kind">Its type, such as "a string".</param>
    /// <param name="Text">The text of a string, or the JSON of any other value.</param>
    internal sealed record Entry(string Path, string Parent, string Name, string Kind, string Text);
}
