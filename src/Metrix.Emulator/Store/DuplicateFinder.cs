namespace Metrix.Emulator.Store;

/// <summary>
/// Finds the attempts and the duplicates of a request. It scans everything in the store on demand, which takes
/// milliseconds.
/// </summary>
internal static class DuplicateFinder
{
    /// <summary>
    /// Far above the number of retries of any sender, and low enough for a page if a client repeats one event
    /// endlessly.
    /// </summary>
    private const int MaxResults = 200;

    /// <summary>
    /// Returns the attempts to send one event, including the given one: a retry sends the same bytes to the same app.
    /// </summary>
    public static IEnumerable<StoredRequest> FindAttempts(StoreView view, StoredRequest stored) =>
        view.After(0).Where(other => IsSameRequest(other.Request, stored.Request)).TakeLast(MaxResults);

    /// <summary>
    /// Returns the other accepted events with the same app, user, slug and time. Metrix may count each of them.
    /// </summary>
    public static IEnumerable<StoredRequest> FindDuplicates(StoreView view, StoredRequest stored) =>
        stored.Event is { } one
            ? view.After(0)
                .Where(other => other.Event is { } two && one != two && IsSameEvent(one, two))
                .TakeLast(MaxResults)
            : [];

    private static bool IsSameRequest(EmulatorRequest one, EmulatorRequest two) =>
        one.AppId == two.AppId && one.Body.Span.SequenceEqual(two.Body.Span);

    // Without a time, only identical bytes are the same event: two purchases of a user may not differ in anything else.
    private static bool IsSameEvent(EmulatorEvent one, EmulatorEvent two) =>
        one.Request.AppId == two.Request.AppId && one.MetrixUserId == two.MetrixUserId &&
        one.EventSlug == two.EventSlug && one.EventTime == two.EventTime &&
        (one.EventTime is not null || IsSameRequest(one.Request, two.Request));
}
