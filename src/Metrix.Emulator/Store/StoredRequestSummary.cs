using System.Globalization;
using System.Text;
using Metrix.Emulator.Validation;

namespace Metrix.Emulator.Store;

/// <summary>What arrived so far, in a sentence or two and the newest events: the message of a wait that ran out.</summary>
internal static class StoredRequestSummary
{
    private const int Shown = 10;
    private const int ShownChars = 200;
    private const int ShownEvents = 3;
    private const int ShownEventChars = 500;

    public static string Write(
        string awaited,
        TimeSpan timeout,
        LogSnapshot<EmulatorEvent> accepted,
        LogSnapshot<EmulatorRejection> rejected,
        KeyMask mask)
    {
        var slugs = Counted(accepted.Items.Select(item => item.EventSlug));
        var reasons = Counted(rejected.Items.Select(item => $"{item.Status} {item.Reason}"));

        return string.Create(CultureInfo.InvariantCulture,
            $"Waited {timeout.TotalSeconds:0.###} s for {awaited}: {accepted.Total} accepted{List(slugs, ", ")}, " +
            $"{rejected.Total} rejected{List(reasons, "; ")}.{Newest(accepted.Items, mask)}");
    }

    // A condition that did not come true is most often about a field: here it is.
    private static string Newest(IReadOnlyList<EmulatorEvent> accepted, KeyMask mask) => string.Concat(
        from received in accepted.Skip(accepted.Count - ShownEvents).Reverse()
        let body = mask.Hide(received.Request, Encoding.UTF8.GetString(received.Request.Body.Span))
        select $"{Environment.NewLine}  {Short(body, ShownEventChars)}");

    private static string[] Counted(IEnumerable<string> texts) =>
    [
        .. from text in texts
           group text by text into same
           select same.Count() == 1 ? Short(same.Key) : $"{Short(same.Key)} × {same.Count()}",
    ];

    private static string List(string[] all, string separator)
    {
        if (all.Length == 0) return "";
        var rest = all.Length > Shown ? $"{separator}and {all.Length - Shown} more" : "";
        return $" ({string.Join(separator, all.Take(Shown))}{rest})";
    }

    private static string Short(string text, int chars = ShownChars) =>
        text.Length <= chars ? text : text[..chars] + "…";
}
