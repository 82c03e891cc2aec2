using System.Globalization;
using static System.FormattableString;

namespace Metrix.Emulator.Validation;

/// <summary>Warns of an <c>eventTime</c> that is probably a mistake.</summary>
internal static class EventTimeWarning
{
    private const string Field = "eventTime";

    // Smaller values are before March 1973 and larger ones after the year 5138: the sender used another unit.
    private const long MinMilliseconds = 100_000_000_000;
    private const long MaxMilliseconds = 100_000_000_000_000;

    // An outbox sends late after an outage. One day is longer than an outage that needs no warning.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    public static EmulatorWarning? Find(string? eventTime, DateTimeOffset receivedAt)
    {
        if (eventTime is null)
            return new(
                Field, "is missing; Metrix uses the time of receipt",
                "Send the time of the event. Without it, a delayed or retried event counts at the wrong time.");

        if (!long.TryParse(eventTime, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ||
            time >= MaxMilliseconds)
            return new(
                Field, $"has {eventTime.Length} digits; a time in milliseconds has thirteen",
                "Send Unix time in milliseconds: thirteen digits.");

        if (time < MinMilliseconds) return WarnOfSeconds(time);

        var age = receivedAt - DateTimeOffset.FromUnixTimeMilliseconds(time);
        if (age > MaxAge)
            return new(
                Field, $"is {Format(age)} before the event arrived",
                "If no outage delayed the event, check where the time comes from.");
        return age < -MaxClockSkew
            ? new(
                Field, $"is {Format(-age)} ahead of this machine's clock",
                "Check the clock of the server that sent the event. Also check that the time is UTC, not local time.")
            : null;
    }

    private static EmulatorWarning WarnOfSeconds(long time) => new(
        Field,
        Invariant(
            $"looks like seconds; as milliseconds it is {DateTimeOffset.FromUnixTimeMilliseconds(time):yyyy-MM-dd}"),
        "Send milliseconds: thirteen digits. In the sink, set eventTimeUnit to Milliseconds, its default.");

    private static string Format(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Invariant($"{span.TotalDays:0} days"),
        { TotalHours: >= 2 } => Invariant($"{span.TotalHours:0} hours"),
        _ => Invariant($"{span.TotalMinutes:0} minutes"),
    };
}
