namespace Metrix.Client.Mapping;

/// <summary>What one value becomes in an event.</summary>
internal enum MappedKind
{
    /// <summary>Null: nothing, and nothing to count.</summary>
    Nothing,

    /// <summary>A text among <c>customAttributes</c>.</summary>
    Attribute,

    /// <summary>A number among <c>customMetrics</c>.</summary>
    Metric,

    /// <summary>A value without a form in JSON or without a meaning as text: left out, and counted.</summary>
    Unmappable,
}

/// <summary>One value, mapped.</summary>
internal readonly record struct MappedValue(MappedKind Kind, string? Text = null, double Number = 0)
{
    public static MappedValue Attribute(string text) => new(MappedKind.Attribute, text);

    public static MappedValue Metric(double number) =>
        double.IsFinite(number) ? new(MappedKind.Metric, Number: number) : new(MappedKind.Unmappable);
}
