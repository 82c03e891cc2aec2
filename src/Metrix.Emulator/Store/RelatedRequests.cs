namespace Metrix.Emulator.Store;

/// <summary>What belongs to one request among all that is kept. Looked for when somebody asks: a scan takes milliseconds.</summary>
internal static class RelatedRequests
{
    /// <summary>Far above what a sender tries, low enough for a page when something sends one event for ever.</summary>
    private const int Most = 200;

    /// <summary>The attempts at one event, itself among them: a retry sends the same bytes to the same app.</summary>
    public static IEnumerable<StoredRequest> Attempts(StoreView view, StoredRequest arrival) =>
        view.After(0).Where(other => IsSameRequest(other.Request, arrival.Request)).TakeLast(Most);

    /// <summary>
    /// The other accepted events that say the same: of the same app, user, slug and time. Metrix may count each of them.
    /// </summary>
    public static IEnumerable<StoredRequest> Duplicates(StoreView view, StoredRequest arrival) =>
        arrival.Event is { } one
            ? view.After(0).Where(other => other.Event is { } two && one != two && IsSameEvent(one, two)).TakeLast(Most)
            : [];

    private static bool IsSameRequest(EmulatorRequest one, EmulatorRequest two) =>
        one.AppId == two.AppId && one.Body.Span.SequenceEqual(two.Body.Span);

    // Without a time, only the same bytes are the same event: two purchases of one user may differ in nothing else.
    private static bool IsSameEvent(EmulatorEvent one, EmulatorEvent two) =>
        one.Request.AppId == two.Request.AppId && one.MetrixUserId == two.MetrixUserId &&
        one.EventSlug == two.EventSlug && one.EventTime == two.EventTime &&
        (one.EventTime is not null || IsSameRequest(one.Request, two.Request));
}
