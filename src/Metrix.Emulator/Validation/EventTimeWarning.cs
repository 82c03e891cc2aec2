using System.Globalization;
using static System.FormattableString;

namespace Metrix.Emulator.Validation;

/// <summary>Whether <c>eventTime</c> is a time that somebody can have meant.</summary>
internal static class EventTimeWarning
{
    private const string Field = "eventTime";

    // An outbox that outlives an outage sends late; a day is more than the outages that need no remark.
    private static readonly TimeSpan Late = TimeSpan.FromDays(1);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    // Milliseconds below are before March 1973, and above beyond the year 5138: another unit was meant.
    private const long FirstMilliseconds = 100_000_000_000;
    private const long LastMilliseconds = 100_000_000_000_000;

    public static EmulatorWarning? Of(string? eventTime, DateTimeOffset receivedAt)
    {
        if (eventTime is null)
            return new(
                Field, "is missing: Metrix takes the moment of receipt",
                "Send the time of the event: one that is sent late or again counts at the wrong moment otherwise.");

        if (!long.TryParse(eventTime, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ||
            time >= LastMilliseconds)
            return new(
                Field, $"has {eventTime.Length} digits: more than milliseconds have",
                "Send Unix time in milliseconds: thirteen digits.");

        if (time < FirstMilliseconds) return Seconds(time);

        var distance = receivedAt - DateTimeOffset.FromUnixTimeMilliseconds(time);
        if (distance > Late)
            return new(
                Field, $"is {Span(distance)} before it arrived",
                "If it was not kept back by an outage, look where the time comes from.");
        return distance < -Early
            ? new(
                Field, $"is {Span(-distance)} ahead of this machine's clock",
                "Look at the clock of the server that sent it, and whether local time was taken for UTC.")
            : null;
    }

    private static EmulatorWarning Seconds(long time) => new(
        Field,
        Invariant(
            $"looks like seconds: as milliseconds it is {DateTimeOffset.FromUnixTimeMilliseconds(time):yyyy-MM-dd}"),
        "Send milliseconds, thirteen digits: in the sink, eventTimeUnit Milliseconds, which is its default.");

    private static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => Invariant($"{span.TotalDays:0} days"),
        { TotalHours: >= 2 } => Invariant($"{span.TotalHours:0} hours"),
        _ => Invariant($"{span.TotalMinutes:0} minutes"),
    };
}
