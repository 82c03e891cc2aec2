using System.Text.Json;

namespace Metrix.Emulator.Validation;

/// <summary>
/// The fields of a body in its order, whether right or wrong, to show them. A body that is not a JSON object has none.
/// </summary>
internal sealed class RequestFields
{
    private static readonly RequestFields Empty = new([]);

    private RequestFields(IReadOnlyList<Entry> entries) => Entries = entries;

    /// <summary>The fields; those of customAttributes and customMetrics one by one.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public static RequestFields Of(EmulatorRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new([.. Members(new EventProperty("", "", document.RootElement), "")])
                : Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    /// <summary>The text of a field of the event itself; <see langword="null"/> without one.</summary>
    public string? Text(string name) =>
        Entries.FirstOrDefault(entry => entry.Parent.Length == 0 && entry.Name == name)?.Text;

    private static IEnumerable<Entry> Members(EventProperty parent, string group)
    {
        foreach (var member in parent.Value.EnumerateObject())
        {
            if (parent.Child(member) is not { } property) continue;

            var isGroup = group.Length == 0 && property.Value.ValueKind == JsonValueKind.Object &&
                property.Name is "customAttributes" or "customMetrics";
            if (!isGroup)
                yield return new(property.Path, group, property.Name, property.Kind, property.Text ?? property.Value.GetRawText());
            else
                foreach (var child in Members(property, property.Name)) yield return child;
        }
    }

    /// <param name="Path">Where it stands, such as <c>customMetrics.amount</c>.</param>
    /// <param name="Parent">The object that it stands in; empty for a field of the event itself.</param>
    /// <param name="Name">Its own name.</param>
    /// <param name="Kind">What it is, such as "a string".</param>
    /// <param name="Text">A string's text, or the JSON of anything else.</param>
    internal sealed record Entry(string Path, string Parent, string Name, string Kind, string Text);
}
