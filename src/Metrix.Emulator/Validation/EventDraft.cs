namespace Metrix.Emulator.Validation;

/// <summary>What was read of an event so far.</summary>
internal sealed class EventDraft
{
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);
}
