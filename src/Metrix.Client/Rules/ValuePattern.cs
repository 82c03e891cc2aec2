using System.Globalization;
using Metrix.Client.Mapping;

namespace Metrix.Client.Rules;

/// <summary>
/// Represents a value that a condition accepts: a text, a number, or a range of numbers.
/// </summary>
internal sealed class ValuePattern
{
    private const string RangeSeparator = "..";

    private readonly string _text;
    private readonly double _min;
    private readonly double _max;

    private ValuePattern(string text, double min, double max)
    {
        _text = text;
        _min = min;
        _max = max;
    }

    /// <summary>Parses a value.</summary>
    /// <exception cref="FormatException">The text begins or ends like a range and is not a range.</exception>
    public static ValuePattern Parse(string text)
    {
        text = text.Trim();
        if (TryNumber(text, out var number))
            return new(text, number, number);

        var separator = text.IndexOf(RangeSeparator, StringComparison.Ordinal);
        if (separator < 0)
            return new(text, double.NaN, double.NaN);

        var (from, to) = (text[..separator].Trim(), text[(separator + RangeSeparator.Length)..].Trim());
        var hasMin = TryNumber(from, out var min);
        var hasMax = TryNumber(to, out var max);
        if (!hasMin && !hasMax)
            return new(text, double.NaN, double.NaN);

        min = hasMin ? min : double.NegativeInfinity;
        max = hasMax ? max : double.PositiveInfinity;
        if ((!hasMin && from.Length > 0) || (!hasMax && to.Length > 0) || min > max)
        {
            throw new FormatException(
                $"\"{text}\" is not a range of numbers such as \"200..299\", \"100..\" or \"..50\"");
        }

        return new(text, min, max);
    }

    /// <summary>Returns whether a value matches: a number in the range, or the same text, ignoring case.</summary>
    public bool Accepts(MappedValue value) => value.Kind switch
    {
        MappedKind.Metric => value.Number >= _min && value.Number <= _max,
        MappedKind.Attribute => string.Equals(value.Text, _text, StringComparison.OrdinalIgnoreCase)
            || (TryNumber(value.Text, out var number) && number >= _min && number <= _max),
        _ => false,
    };

    private static bool TryNumber(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
