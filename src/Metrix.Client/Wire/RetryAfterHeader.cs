using System.Globalization;
using System.Net.Http.Headers;

namespace Metrix.Client.Wire;

/// <summary>
/// Reads <c>Retry-After</c> (RFC 9110, section 10.2.3): a number of seconds or a date.
/// </summary>
internal static class RetryAfterHeader
{
    // More digits are more seconds than any limit, and do not fit into a number.
    private const int MaxDigits = 9;

    /// <summary>Returns how long the server asks to wait, or null if it does not ask.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="clock">The clock that a date is compared with if the response has no date.</param>
    /// <param name="max">The longest wait that is returned.</param>
    public static TimeSpan? Read(HttpResponseHeaders headers, TimeProvider clock, TimeSpan max)
    {
        // The typed header does not parse more than 32 bits.
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values))
            return null;

        foreach (var value in values)
        {
            var text = value.AsSpan().Trim(" \t");
            if (!text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9'))
                return Limit(Seconds(text.TrimStart('0')), max);
        }

        // The server computed the date with its own clock, which the clock of this machine may not match.
        return headers.RetryAfter?.Date is { } date ? Limit(date - (headers.Date ?? clock.GetUtcNow()), max) : null;
    }

    private static TimeSpan Seconds(ReadOnlySpan<char> digits) => digits.Length switch
    {
        0 => TimeSpan.Zero,
        <= MaxDigits => TimeSpan.FromSeconds(int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)),
        _ => TimeSpan.MaxValue,
    };

    // A date in the past asks for nothing.
    private static TimeSpan? Limit(TimeSpan wait, TimeSpan max) =>
        wait <= TimeSpan.Zero ? null : wait < max ? wait : max;
}
