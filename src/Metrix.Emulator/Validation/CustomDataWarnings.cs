using System.Globalization;
using System.Text;

namespace Metrix.Emulator.Validation;

/// <summary>Finds the warnings about the attributes and metrics of an event.</summary>
internal static class CustomDataWarnings
{
    // The vendor documents these limits for its mobile SDKs.
    private const int MaxAttributes = 50;
    private const int MaxBytes = 512;

    private const NumberStyles NumberFormat = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly string[] Currencies = ["IRR", "USD", "EUR"];

    /// <summary>
    /// The last words of names whose digits are not a quantity, such as an order number or a postal code.
    /// </summary>
    private static readonly string[] IdentifierWords =
    [
        "id", "ids", "number", "no", "code", "phone", "mobile", "tel", "zip", "key", "version", "year", "ref", "sku",
    ];

    public static IEnumerable<EmulatorWarning> Find(EmulatorEvent received)
    {
        var count = received.CustomAttributes.Count;
        if (count > MaxAttributes)
            yield return new(
                "customAttributes", $"has {count} attributes; Metrix documents a limit of {MaxAttributes}",
                $"Send the {MaxAttributes} that your reports need. Choose them with exclude and include.");

        foreach (var (name, value) in received.CustomAttributes)
            foreach (var warning in CheckAttribute(name, value)) yield return warning;

        if (CheckRevenue(received) is { } revenue) yield return revenue;
    }

    private static IEnumerable<EmulatorWarning> CheckAttribute(string name, string value)
    {
        var field = $"customAttributes.{name}";
        if (Encoding.UTF8.GetByteCount(name) is > MaxBytes and var nameBytes)
            yield return new(
                field, $"has a name of {nameBytes} bytes; Metrix documents a limit of {MaxBytes}",
                "Use a shorter name.");
        if (Encoding.UTF8.GetByteCount(value) is > MaxBytes and var valueBytes)
            yield return new(
                field, $"has a value of {valueBytes} bytes; Metrix documents a limit of {MaxBytes}",
                "Send a shorter value. A longer one may be truncated or omitted.");
        if (IsQuantity(name, value))
            yield return new(
                field, "is a number sent as text; reports cannot sum it",
                "Send it under customMetrics as a number. In the sink, log a number instead of a text. " +
                "If it is not a quantity, ignore this warning.");
    }

    private static bool IsQuantity(string name, string value) =>
        value.Length is > 0 and <= 15 && value[^1] is >= '0' and <= '9' &&
        // 0912… and +98… are phone numbers.
        (value[0] != '0' || value.Length == 1 || value[1] == '.') &&
        double.TryParse(value, NumberFormat, CultureInfo.InvariantCulture, out _) &&
        value[0] != '+' &&
        !IdentifierWords.Any(word => EndsWithWord(name, word));

    // OrderId and order_id end with the word "id", but Paid does not.
    private static bool EndsWithWord(string name, string word) =>
        name.EndsWith(word, StringComparison.OrdinalIgnoreCase) &&
        (name.Length == word.Length ||
            !char.IsLetter(name[^(word.Length + 1)]) || char.IsUpper(name[^word.Length]));

    private static EmulatorWarning? CheckRevenue(EmulatorEvent received)
    {
        var hasCurrency = received.CustomAttributes.TryGetValue("_currency", out var currency);
        if (received.CustomMetrics.ContainsKey("_revenue") && !hasCurrency)
            return new(
                "customMetrics._revenue", "has no currency; the attribute _currency is missing",
                "Also send customAttributes._currency: IRR, USD or EUR.");
        return hasCurrency && !Currencies.Contains(currency, StringComparer.Ordinal)
            ? new(
                "customAttributes._currency", "is not one of the currencies that Metrix lists",
                "Send IRR, USD or EUR, in capital letters.")
            : null;
    }
}
