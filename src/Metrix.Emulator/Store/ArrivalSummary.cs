using System.Globalization;

namespace Metrix.Emulator.Store;

/// <summary>What arrived so far, in a sentence or two: the message of a wait that ran out.</summary>
internal static class ArrivalSummary
{
    private const int Shown = 10;
    private const int ShownChars = 200;

    public static string Write(
        string awaited, TimeSpan timeout, LogSnapshot<ReceivedEvent> accepted, LogSnapshot<RejectedRequest> rejected)
    {
        var slugs = Counted(accepted.Items.Select(item => item.EventSlug));
        var reasons = Counted(rejected.Items.Select(item => $"{item.Status} {item.Reason}"));

        return string.Create(CultureInfo.InvariantCulture,
            $"Waited {timeout.TotalSeconds:0.###} s for {awaited}: {accepted.Total} accepted{List(slugs, ", ")}, " +
            $"{rejected.Total} rejected{List(reasons, "; ")}.");
    }

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

    private static string Short(string text) => text.Length <= ShownChars ? text : text[..ShownChars] + "…";
}
