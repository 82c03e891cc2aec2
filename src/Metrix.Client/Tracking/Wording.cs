using static System.FormattableString;

namespace Metrix.Client.Tracking;

/// <summary>Puts numbers and sentences of messages into correct English.</summary>
internal static class Wording
{
    /// <summary>Returns "1 event" or "2 events".</summary>
    public static string Events(long count) => count == 1 ? "1 event" : Invariant($"{count} events");

    /// <summary>Returns "1 event waits" or "2 events wait".</summary>
    public static string EventsWait(long count) => $"{Events(count)} {(count == 1 ? "waits" : "wait")}";

    /// <summary>Returns a text with a period at its end, unless it already ends a sentence.</summary>
    public static string Sentence(string text) => text is [.., '.' or '?' or '!'] ? text : text + ".";
}
