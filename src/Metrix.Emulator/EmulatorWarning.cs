namespace Metrix.Emulator;

/// <summary>What passes, but looks wrong.</summary>
public sealed class EmulatorWarning
{
    internal EmulatorWarning(string field, string text, string advice)
    {
        Field = field;
        Text = text;
        Advice = advice;
    }

    /// <summary>The field that it concerns, such as <c>customAttributes.Amount</c>.</summary>
    public string Field { get; }

    /// <summary>What looks wrong with it, for a human to read.</summary>
    public string Text { get; }

    /// <summary>What to do about it.</summary>
    public string Advice { get; }

    /// <summary>The field and what looks wrong with it, in a line.</summary>
    public override string ToString() => $"{Field} {Text}";
}
