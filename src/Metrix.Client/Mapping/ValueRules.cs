using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text.Json;

namespace Metrix.Client.Mapping;

/// <summary>
/// Maps single values: a number becomes a metric, anything else with a meaning as text an attribute. All text is
/// invariant, regardless of the thread's culture.
/// </summary>
internal static class ValueRules
{
    private const string DateTimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    /// <summary>Maps a value.</summary>
    /// <param name="value">The value, or null.</param>
    /// <param name="asAttribute">Whether the settings ask to send a number as text.</param>
    public static MappedValue Map(object? value, bool asAttribute = false) => value switch
    {
        null => default,
        string text => MappedValue.Attribute(text),
        TimeSpan duration => asAttribute
            ? MappedValue.Attribute(duration.ToString("c", CultureInfo.InvariantCulture))
            : MappedValue.Metric(duration.TotalSeconds),
        _ when IsNumber(value) => asAttribute ? TextOf(value) : MappedValue.Metric(NearestDouble(value)),
        _ => TextOf(value),
    };

    /// <summary>Writes one value of a sequence as JSON.</summary>
    /// <returns>False if the value has no JSON form, and null was written instead.</returns>
    public static bool WriteJson(Utf8JsonWriter writer, object? value)
    {
        if (value is bool boolean)
        {
            writer.WriteBooleanValue(boolean);
            return true;
        }

        var mapped = Map(value);
        switch (mapped.Kind)
        {
            case MappedKind.Attribute:
                writer.WriteStringValue(mapped.Text);
                return true;
            case MappedKind.Metric when value is decimal exact:
                writer.WriteNumberValue(exact);
                return true;
            case MappedKind.Metric when value is long or ulong or int or uint:
                writer.WriteNumberValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                return true;
            case MappedKind.Metric:
                writer.WriteNumberValue(mapped.Number);
                return true;
            default:
                writer.WriteNullValue();
                return mapped.Kind == MappedKind.Nothing;
        }
    }

    /// <summary>Returns whether a value is a single value, not an object with members.</summary>
    public static bool IsSingle(object value) => IsNumber(value) || value
        is string or bool or char or TimeSpan or DateTime or DateTimeOffset or DateOnly or TimeOnly or Uri or IPAddress
        or Version or Guid or Enum or byte[] or Memory<byte> or ReadOnlyMemory<byte> or ArraySegment<byte> or Stream
        or Delegate or Type;

    private static bool IsNumber(object value) => value
        is sbyte or byte or short or ushort or int or uint or long or ulong or nint or nuint or Int128 or UInt128
        or BigInteger or Half or float or double or decimal;

    private static double NearestDouble(object number)
    {
        switch (number)
        {
            case double value:
                return value;
            case float value:
                return value;
            case Half value:
                return (double)value;
            case nint value:
                return value;
            case nuint value:
                return value;
            case BigInteger value when value.GetBitLength() > 1024:
                return double.PositiveInfinity;

            // Their own conversions to double round twice. The parser rounds once.
            case decimal or Int128 or UInt128 or BigInteger:
                return double.Parse(
                    ((IFormattable)number).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

            default:
                return Convert.ToDouble(number, CultureInfo.InvariantCulture);
        }
    }

    private static MappedValue TextOf(object value)
    {
        var text = value switch
        {
            bool boolean => boolean ? "true" : "false",
            char character => character.ToString(),
            DateTime time => time.ToString(DateTimeFormat, CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString(DateTimeFormat, CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            Uri uri => uri.OriginalString,
            IPAddress or Version or Guid or Enum => value.ToString(),
            byte[] or Memory<byte> or ReadOnlyMemory<byte> or ArraySegment<byte> or Stream or Delegate => null,
            _ => TextOfOther(value),
        };

        return text is null ? new(MappedKind.Unmappable) : MappedValue.Attribute(text);
    }

    // The type may be anyone's code and may throw. Text that only repeats the type's name has no meaning.
    private static string? TextOfOther(object value)
    {
        try
        {
            var text = value is IFormattable formattable
                ? formattable.ToString(null, CultureInfo.InvariantCulture)
                : value.ToString();
            return text == value.GetType().ToString() ? null : text;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
