namespace Metrix.Emulator.Store;

/// <summary>The store at one moment.</summary>
/// <param name="Accepted">The accepted events.</param>
/// <param name="Rejected">The rejected requests.</param>
/// <param name="Clearings">How often it was cleared.</param>
/// <param name="IsClosed">Whether nothing more will arrive.</param>
/// <param name="Change">Completes with whatever changes after this moment.</param>
internal readonly record struct StoreView(
    LogSnapshot<EmulatorEvent> Accepted, LogSnapshot<EmulatorRejection> Rejected, int Clearings, bool IsClosed, Task Change)
{
    public int Count => Accepted.Items.Count + Rejected.Items.Count;

    /// <summary>What is kept and came after the request of this number, in order of arrival: both logs merged.</summary>
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
        var next = After(id - 1).Select(arrival => (StoredRequest?)arrival).FirstOrDefault();
        return next?.Request.Id == id ? next : null;
    }

    /// <summary>The number after which only so many are left.</summary>
    public long Before(int newest)
    {
        var (accepted, rejected) = (Accepted.Items, Rejected.Items);
        var (a, r) = (accepted.Count, rejected.Count);
        for (; newest > 0 && a + r > 0; newest--)
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
