using System.Diagnostics.Metrics;

namespace Metrix.Client.Diagnostics;

/// <summary>
/// The instruments of the meter <c>Metrix.Client</c>, shared by all clients of the process.
/// </summary>
internal static class Instruments
{
    public const string MeterName = "Metrix.Client";
    private const string EventUnit = "{event}";
    private const string AppTag = "metrix.app";
    private const string ReasonTag = "reason";

    private static readonly Meter Meter = new(MeterName, typeof(Instruments).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Recognised = Meter.CreateCounter<long>(
        "metrix.events.recognised", EventUnit, "Records that were recognised as Metrix events.");

    private static readonly Counter<long> Recovered = Meter.CreateCounter<long>(
        "metrix.events.recovered", EventUnit, "Events of an earlier client that were found in a durable outbox.");

    // In the order of EventState.
    private static readonly Counter<long>[] Ended =
    [
        Meter.CreateCounter<long>(
            "metrix.events.invalid", EventUnit, "Events that failed validation and were never queued."),
        Meter.CreateCounter<long>(
            "metrix.events.dropped", EventUnit, "Events that were refused at the door: full, or disposed."),
        Meter.CreateCounter<long>(
            "metrix.events.delivered", EventUnit, "Events that Metrix took."),
        Meter.CreateCounter<long>(
            "metrix.events.rejected", EventUnit, "Events that Metrix refused for good."),
        Meter.CreateCounter<long>(
            "metrix.events.expired", EventUnit, "Events that could not be delivered within the retry time limit."),
        Meter.CreateCounter<long>(
            "metrix.events.abandoned", EventUnit, "Events that still waited when the time limit of closing was reached."),
        Meter.CreateCounter<long>(
            "metrix.events.kept", EventUnit, "Events that a durable outbox keeps for another client: this one closed, or lost them to it."),
    ];

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "metrix.retries", "{retry}", "Attempts to deliver an event that failed and are made again.");

    private static readonly Counter<long> LeftOut = Meter.CreateCounter<long>(
        "metrix.values.left_out", "{value}", "Values that were left out of an event, or cut.");

    private static readonly Counter<long> IdentityIgnored = Meter.CreateCounter<long>(
        "metrix.identity.ignored", "{value}", "Ids of a request that were ignored, since they are not of the known shape.");

    private static readonly object Lock = new();
    private static Ledger[] _open = [];

    static Instruments()
    {
        // Observed and not added up, so that who begins to listen late sees the true number.
        Meter.CreateObservableUpDownCounter(
            "metrix.events.pending", ReadPending, EventUnit, "Events whose outcome is not known yet.");
    }

    /// <summary>Lets the pending number of a ledger be seen, until it is disposed.</summary>
    public static void Open(Ledger ledger)
    {
        lock (Lock)
        {
            _open = [.. _open, ledger];
        }
    }

    public static void Close(Ledger ledger)
    {
        lock (Lock)
        {
            _open = [.. _open.Where(open => open != ledger)];
        }
    }

    public static void CountRecognised(string app) => Count(Recognised, app, null);

    public static void CountRecovered(string app, long count) => Count(Recovered, app, null, count);

    public static void CountEnded(string app, EventState state, string? reason, long count = 1) =>
        Count(Ended[(int)state], app, reason, count);

    public static void CountRetry(string app, string reason) => Count(Retries, app, reason);

    public static void CountLeftOut(string app, string reason) => Count(LeftOut, app, reason);

    /// <param name="field">The field that the value was meant for.</param>
    /// <param name="source">Where it came from: from a small and fixed set.</param>
    public static void CountIdentityIgnored(string field, string source)
    {
        try
        {
            IdentityIgnored.Add(1, new("field", field), new("source", source));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // As below.
        }
    }

    private static void Count(Counter<long> counter, string app, string? reason, long count = 1)
    {
        try
        {
            if (reason is null)
                counter.Add(count, new KeyValuePair<string, object?>(AppTag, app));
            else
                counter.Add(count, new(AppTag, app), new(ReasonTag, reason));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whoever listens to the meter is called here, and may be anybody's: that he throws changes no event's outcome.
        }
    }

    // Two clients may send for apps of one name: one measurement a name, as an observer expects.
    private static IEnumerable<Measurement<long>> ReadPending() =>
        Volatile.Read(ref _open)
            .GroupBy(ledger => ledger.App, ledger => ledger.Read().Pending)
            .Select(group => new Measurement<long>(group.Sum(), new KeyValuePair<string, object?>(AppTag, group.Key)));
}
