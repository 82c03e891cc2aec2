using System.Diagnostics.Metrics;

namespace Metrix.Client.Tracking;

/// <summary>
/// The instruments of the meter <c>Metrix.Client</c>, shared by all clients of the process.
/// </summary>
internal static class Instruments
{
    public const string MeterName = "Metrix.Client";
    public const string RecognizedName = "metrix.client.events.recognized";
    public const string RecoveredName = "metrix.client.events.recovered";
    public const string CompletedName = "metrix.client.events.completed";
    public const string PendingName = "metrix.client.events.pending";
    public const string RetriesName = "metrix.client.retries";
    public const string OmittedName = "metrix.client.values.omitted";
    public const string IdentityIgnoredName = "metrix.client.identity.ignored";

    public const string AppTag = "metrix.app";
    public const string OutcomeTag = "metrix.outcome";
    public const string ReasonTag = "metrix.reason";
    public const string FieldTag = "metrix.field";
    public const string SourceTag = "metrix.source";

    private const string EventUnit = "{event}";

    private static readonly Meter Meter = new(MeterName, typeof(Instruments).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Recognized = Meter.CreateCounter<long>(
        RecognizedName, EventUnit, "Records that were recognized as Metrix events.");

    private static readonly Counter<long> Recovered = Meter.CreateCounter<long>(
        RecoveredName, EventUnit, "Events of an earlier process that were found in the outbox file.");

    private static readonly Counter<long> Completed = Meter.CreateCounter<long>(
        CompletedName, EventUnit, "Events that reached their final state, by outcome and reason.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        RetriesName, "{retry}", "Delivery attempts that failed and will be repeated.");

    private static readonly Counter<long> Omitted = Meter.CreateCounter<long>(
        OmittedName, "{value}", "Values that were left out of an event or truncated.");

    private static readonly Counter<long> IdentityIgnored = Meter.CreateCounter<long>(
        IdentityIgnoredName, "{value}", "Ids of a request that were ignored because of their format.");

    // Indexed by EventState, so that counting an event allocates nothing.
    private static readonly string[] Outcomes = [.. Enum.GetValues<EventState>().Select(TagValue.Of)];

    private static readonly object Lock = new();
    private static Ledger[] _open = [];

    static Instruments()
    {
        // Observed, not added up: a listener that starts late still reads the correct number.
        Meter.CreateObservableUpDownCounter(
            PendingName, ReadPending, EventUnit, "Events whose outcome is not known yet.");
    }

    /// <summary>Reports the pending events of a ledger until <see cref="Close"/> is called.</summary>
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

    public static void CountRecognized(string app) => Add(Recognized, 1, Tag(AppTag, app));

    public static void CountRecovered(string app, long count) => Add(Recovered, count, Tag(AppTag, app));

    public static void CountCompleted(string app, EventState state, string? reason, long count = 1)
    {
        var outcome = Tag(OutcomeTag, Outcomes[(int)state]);
        if (reason is null)
            Add(Completed, count, Tag(AppTag, app), outcome);
        else
            Add(Completed, count, Tag(AppTag, app), outcome, Tag(ReasonTag, reason));
    }

    public static void CountRetry(string app, string reason) =>
        Add(Retries, 1, Tag(AppTag, app), Tag(ReasonTag, reason));

    public static void CountOmitted(string app, string reason) =>
        Add(Omitted, 1, Tag(AppTag, app), Tag(ReasonTag, reason));

    /// <param name="field">The field that the value was meant for.</param>
    /// <param name="source">Where the value came from, out of a small fixed set.</param>
    public static void CountIdentityIgnored(string field, string source) =>
        Add(IdentityIgnored, 1, Tag(FieldTag, field), Tag(SourceTag, source));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static void Add(Counter<long> counter, long count, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(count, tags);
        }
        catch (Exception)
        {
            // A meter listener runs here and may be anyone's code. Its exception must not change an event's outcome.
        }
    }

    // Two clients may send for apps of the same name. Observers expect one measurement for each set of tags.
    private static IEnumerable<Measurement<long>> ReadPending() =>
        Volatile.Read(ref _open)
            .GroupBy(ledger => ledger.App, ledger => ledger.Read().Pending)
            .Select(group => new Measurement<long>(group.Sum(), new KeyValuePair<string, object?>(AppTag, group.Key)));
}
