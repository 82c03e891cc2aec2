namespace Metrix.Emulator.Store;

/// <summary>Represents the state of the store at one moment.</summary>
/// <param name="Accepted">The accepted events.</param>
/// <param name="Rejected">The rejected requests.</param>
/// <param name="ClearCount">How many times the store was cleared.</param>
/// <param name="IsClosed">Whether no more requests can arrive.</param>
/// <param name="Change">Completes at the first change after this moment.</param>
internal readonly record struct StoreView(
    LogSnapshot<EmulatorEvent> Accepted,
    LogSnapshot<EmulatorRejection> Rejected,
    int ClearCount,
    bool IsClosed,
    Task Change)
{
    public int Count => Accepted.Items.Count + Rejected.Items.Count;

    /// <summary>Returns the kept requests with a greater id, in order of arrival. It merges both logs.</summary>
    public IEnumerable<StoredRequest> After(long id)
    {
        var (accepted, rejected) = (Accepted.Items, Rejected.Items);
        var a = FirstAfter(accepted, static item => item.Request.Id, id);
        var r = FirstAfter(rejected, static item => item.Request.Id, id);
        while (a < accepted.Count || r < rejected.Count)
        {
            if (r == rejected.Count || (a < accepted.Count && accepted[a].Request.Id < rejected[r].Request.Id))
                yield return new StoredRequest(accepted[a++], null);
            else
                yield return new StoredRequest(null, rejected[r++]);
        }
    }

    public StoredRequest? Find(long id)
    {
        var next = After(id - 1).Select(stored => (StoredRequest?)stored).FirstOrDefault();
        return next?.Request.Id == id ? next : null;
    }

    /// <summary>Returns the id that precedes the newest requests, or 0 if there are not more than that.</summary>
    /// <param name="count">The number of newest requests.</param>
    public long IdBeforeNewest(int count)
    {
        var (accepted, rejected) = (Accepted.Items, Rejected.Items);
        var (a, r) = (accepted.Count, rejected.Count);
        for (; count > 0 && a + r > 0; count--)
        {
            if (r == 0 || (a > 0 && accepted[a - 1].Request.Id > rejected[r - 1].Request.Id)) a--;
            else r--;
        }

        return Math.Max(a == 0 ? 0 : accepted[a - 1].Request.Id, r == 0 ? 0 : rejected[r - 1].Request.Id);
    }

    private static int FirstAfter<T>(IReadOnlyList<T> items, Func<T, long> idOf, long id)
    {
        var (low, high) = (0, items.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (idOf(items[middle]) <= id) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
