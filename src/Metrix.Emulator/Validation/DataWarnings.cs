using System.Globalization;
using System.Text;

namespace Metrix.Emulator.Validation;

/// <summary>What looks wrong in an event's own data: its attributes and metrics.</summary>
internal static class DataWarnings
{
    // The vendor states these for its mobile SDKs.
    private const int MaxAttributes = 50;
    private const int MaxBytes = 512;

    private static readonly string[] Currencies = ["IRR", "USD", "EUR"];

    /// <summary>Digits under these names count nothing: an order's number, a postal code.</summary>
    private static readonly string[] Identifiers =
        ["id", "ids", "number", "no", "code", "phone", "mobile", "tel", "zip", "key", "version", "year", "ref", "sku"];

    public static IEnumerable<EmulatorWarning> Of(EmulatorEvent received)
    {
        if (received.CustomAttributes.Count > MaxAttributes)
            yield return new(
                "customAttributes", $"has {received.CustomAttributes.Count} attributes: Metrix states a limit of {MaxAttributes}",
                "Send the fifty that reports need: exclude and include choose them.");

        foreach (var (name, value) in received.CustomAttributes)
            foreach (var warning in Attribute(name, value)) yield return warning;

        if (Revenue(received) is { } revenue) yield return revenue;
    }

    private static IEnumerable<EmulatorWarning> Attribute(string name, string value)
    {
        var field = $"customAttributes.{name}";
        if (Encoding.UTF8.GetByteCount(name) is > MaxBytes and var nameBytes)
            yield return new(
                field, $"has a name of {nameBytes} bytes: Metrix states a limit of {MaxBytes}", "Give it a shorter name.");
        if (Encoding.UTF8.GetByteCount(value) is > MaxBytes and var valueBytes)
            yield return new(
                field, $"has a value of {valueBytes} bytes: Metrix states a limit of {MaxBytes}",
                "Send less of it: what is longer may be cut or left out.");
        if (IsQuantity(name, value))
            yield return new(
                field, "is a number sent as text: reports cannot add it up",
                "Send it under customMetrics, as a number; in the sink, log a number and not a text. If it is no quantity, all is well.");
    }

    private static bool IsQuantity(string name, string value) =>
        value.Length is > 0 and <= 15 && value[^1] is >= '0' and <= '9' &&
        // 0912… is a phone, +98… too.
        (value[0] != '0' || value.Length == 1 || value[1] == '.') &&
        double.TryParse(
            value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) &&
        value[0] != '+' &&
        !Identifiers.Any(word => EndsWithWord(name, word));

    // OrderId and order_id, but not Paid.
    private static bool EndsWithWord(string name, string word) =>
        name.EndsWith(word, StringComparison.OrdinalIgnoreCase) &&
        (name.Length == word.Length || !char.IsLetter(name[^(word.Length + 1)]) || char.IsUpper(name[^word.Length]));

    private static EmulatorWarning? Revenue(EmulatorEvent received)
    {
        var hasCurrency = received.CustomAttributes.TryGetValue("_currency", out var currency);
        if (received.CustomMetrics.ContainsKey("_revenue") && !hasCurrency)
            return new(
                "customMetrics._revenue", "has no currency: the attribute _currency is missing",
                "Send customAttributes._currency beside it: IRR, USD or EUR.");
        return hasCurrency && !Currencies.Contains(currency, StringComparer.Ordinal)
            ? new(
                "customAttributes._currency", "is none of the currencies that Metrix names",
                "Send IRR, USD or EUR, in capital letters.")
            : null;
    }
}
