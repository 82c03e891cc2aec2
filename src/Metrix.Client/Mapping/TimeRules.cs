using System.Globalization;

namespace Metrix.Client.Mapping;

/// <summary>
/// Reads the time of an event from a property: a date and time, or Unix milliseconds.
/// </summary>
internal static class TimeRules
{
    /// <summary>Reads a time. A time without an offset is UTC, regardless of the machine.</summary>
    public static bool TryRead(object value, out DateTimeOffset time)
    {
        time = default;
        var isTime = value switch
        {
            DateTimeOffset moment => Take(moment, out time),
            DateTime { Kind: DateTimeKind.Unspecified } moment => Take(new(moment, TimeSpan.Zero), out time),
            DateTime moment => Take(new(moment.ToUniversalTime()), out time),
            string text => TryParse(text, out time),
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
                TryMilliseconds(Convert.ToDouble(value, CultureInfo.InvariantCulture), out time),
            _ => false,
        };

        // eventTime is a string of digits and cannot express a time before 1970.
        return isTime && time >= DateTimeOffset.UnixEpoch;
    }

    private static bool Take(DateTimeOffset moment, out DateTimeOffset time)
    {
        time = moment;
        return true;
    }

    private static bool TryParse(string text, out DateTimeOffset time) =>
        double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TryMilliseconds(milliseconds, out time)
            : HasYear(text, out time) &&
              DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    // Without a year, the parser invents one: "10:30" is today, and "1.5" a day in January or May.
    private static bool HasYear(string text, out DateTimeOffset time)
    {
        time = default;
        var digits = 0;
        foreach (var character in text)
        {
            digits = char.IsAsciiDigit(character) ? digits + 1 : 0;
            if (digits == 4)
                return true;
        }

        return false;
    }

    private static bool TryMilliseconds(double milliseconds, out DateTimeOffset time)
    {
        time = default;
        if (!(milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
            return false;

        time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }
}
