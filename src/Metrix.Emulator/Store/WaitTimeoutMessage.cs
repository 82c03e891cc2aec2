using System.Globalization;
using System.Text;
using Metrix.Emulator.Http;

namespace Metrix.Emulator.Store;

/// <summary>Creates the message of a wait that timed out: what arrived instead, and the newest events.</summary>
internal static class WaitTimeoutMessage
{
    private const int MaxEntries = 10;
    private const int MaxEntryChars = 200;
    private const int MaxEvents = 3;
    private const int MaxEventChars = 500;

    public static string Create(
        string awaited,
        TimeSpan timeout,
        LogSnapshot<EmulatorEvent> accepted,
        LogSnapshot<EmulatorRejection> rejected,
        KeyMask mask)
    {
        var slugs = CountEqual(accepted.Items.Select(item => item.EventSlug));
        var reasons = CountEqual(rejected.Items.Select(item => $"{item.Status} {item.Reason}"));

        return string.Create(CultureInfo.InvariantCulture,
            $"Waited {timeout.TotalSeconds:0.###} s for {awaited}: {accepted.Total} accepted{List(slugs, ", ")}, " +
            $"{rejected.Total} rejected{List(reasons, "; ")}.{NewestEvents(accepted.Items, mask)}");
    }

    // When a condition is not met, the cause is most often a field. The bodies show the fields.
    private static string NewestEvents(IReadOnlyList<EmulatorEvent> accepted, KeyMask mask) => string.Concat(
        from received in accepted.Skip(accepted.Count - MaxEvents).Reverse()
        let body = mask.Hide(received.Request, Encoding.UTF8.GetString(received.Request.Body.Span))
        select $"{Environment.NewLine}  {Truncate(body, MaxEventChars)}");

    private static string[] CountEqual(IEnumerable<string> texts) =>
    [
        .. from text in texts
           group text by text into equal
           let entry = Truncate(equal.Key, MaxEntryChars)
           select equal.Count() == 1 ? entry : $"{entry} × {equal.Count()}",
    ];

    private static string List(string[] entries, string separator)
    {
        if (entries.Length == 0) return "";
        var rest = entries.Length > MaxEntries ? $"{separator}and {entries.Length - MaxEntries} more" : "";
        return $" ({string.Join(separator, entries.Take(MaxEntries))}{rest})";
    }

    private static string Truncate(string text, int maxChars) =>
        text.Length <= maxChars ? text : text[..maxChars] + "…";
}
