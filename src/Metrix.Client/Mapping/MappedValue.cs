namespace Metrix.Client.Mapping;

/// <summary>Specifies what one value becomes in an event.</summary>
internal enum MappedKind
{
    /// <summary>Null: nothing, and nothing is counted.</summary>
    Nothing,

    /// <summary>A text in <c>customAttributes</c>.</summary>
    Attribute,

    /// <summary>A number in <c>customMetrics</c>.</summary>
    Metric,

    /// <summary>A value without a JSON form or a meaning as text. It is omitted and counted.</summary>
    Unmappable,
}

/// <summary>Represents a mapped value.</summary>
internal readonly record struct MappedValue(MappedKind Kind, string? Text = null, double Number = 0)
{
    public static MappedValue Attribute(string text) => new(MappedKind.Attribute, text);

    public static MappedValue Metric(double number) =>
        double.IsFinite(number) ? new(MappedKind.Metric, Number: number) : new(MappedKind.Unmappable);
}
