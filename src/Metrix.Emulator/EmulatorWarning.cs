namespace Metrix.Emulator;

/// <summary>Describes a value of an accepted event that is valid but looks wrong.</summary>
public sealed class EmulatorWarning
{
    internal EmulatorWarning(string field, string text, string advice)
    {
        Field = field;
        Text = text;
        Advice = advice;
    }

    /// <summary>Gets the field that the warning is about, such as <c>customAttributes.Amount</c>.</summary>
    public string Field { get; }

    /// <summary>
    /// Gets what looks wrong, as text for a person. It continues a sentence that starts with the field.
    /// </summary>
    public string Text { get; }

    /// <summary>Gets what to do about it, as text for a person.</summary>
    public string Advice { get; }

    /// <summary>Returns the field and what looks wrong, in one line.</summary>
    public override string ToString() => $"{Field} {Text}";
}
