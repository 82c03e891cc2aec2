using System.Globalization;
using Metrix.Client.Mapping;

namespace Metrix.Client.Rules;

/// <summary>
/// One value that a condition accepts: a text, a number, or a range of numbers.
/// </summary>
internal sealed class ValuePattern
{
    private const string RangeMark = "..";

    private readonly string _text;
    private readonly double _least;
    private readonly double _most;

    private ValuePattern(string text, double least, double most)
    {
        _text = text;
        _least = least;
        _most = most;
    }

    /// <exception cref="FormatException">It begins or ends as a range, and is none.</exception>
    public static ValuePattern Parse(string text)
    {
        text = text.Trim();
        if (TryNumber(text, out var number))
            return new(text, number, number);

        var mark = text.IndexOf(RangeMark, StringComparison.Ordinal);
        if (mark < 0)
            return new(text, double.NaN, double.NaN);

        var (from, to) = (text[..mark].Trim(), text[(mark + RangeMark.Length)..].Trim());
        var hasLeast = TryNumber(from, out var least);
        var hasMost = TryNumber(to, out var most);
        if (!hasLeast && !hasMost)
            return new(text, double.NaN, double.NaN);

        least = hasLeast ? least : double.NegativeInfinity;
        most = hasMost ? most : double.PositiveInfinity;
        if ((!hasLeast && from.Length > 0) || (!hasMost && to.Length > 0) || least > most)
            throw new FormatException($"\"{text}\" is no range of numbers such as \"200..299\", \"100..\" or \"..50\"");

        return new(text, least, most);
    }

    /// <summary>Whether a value is this one: a number in the range, or the same text but for case.</summary>
    public bool Accepts(MappedValue value) => value.Kind switch
    {
        MappedKind.Metric => value.Number >= _least && value.Number <= _most,
        MappedKind.Attribute => string.Equals(value.Text, _text, StringComparison.OrdinalIgnoreCase)
            || (TryNumber(value.Text, out var number) && number >= _least && number <= _most),
        _ => false,
    };

    private static bool TryNumber(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
