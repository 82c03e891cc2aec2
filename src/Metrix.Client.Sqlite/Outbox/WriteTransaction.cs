using Metrix.Client.Apps;
using Metrix.Client.Sqlite.Storage;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>Writes a batch to the file, and reads the events to send next, in one transaction.</summary>
internal static class WriteTransaction
{
    /// <summary>Writes a batch. If this throws, nothing of it counts as written.</summary>
    /// <param name="session">The connection to the file.</param>
    /// <param name="state">The state that the batch was taken from.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="now">The time of new dead letters.</param>
    /// <param name="hasFailed">Whether the last transaction failed.</param>
    public static WriteResult Run(
        OutboxSession session, OutboxState state, WriteBatch batch, DateTimeOffset now, bool hasFailed)
    {
        var result = new WriteResult();
        var capacities = state.Apps.Select(app => (App: app, Capacity: state.LoadCapacity(app)))
            .Where(item => item.Capacity > 0).ToArray();
        var (database, ownership) = (session.Database, session.Ownership);
        if (batch.IsEmpty && capacities.Length == 0 && !ownership.HasOrphans && !hasFailed)
        {
            result.UsedBytes = database.UsedBytes();
            return result;
        }

        result.HasWritten = true;

        // After a failure in a separate transaction: on a full disk, deleting makes room for the rest.
        if (hasFailed)
            database.InTransaction(() => database.Delete(batch.Finished.Select(finished => finished.Row)));
        database.InTransaction(() =>
        {
            if (!hasFailed)
                database.Delete(batch.Finished.Select(finished => finished.Row));
            foreach (var letter in batch.DeadLetters)
                database.InsertDeadLetter(letter, now.ToUnixTimeMilliseconds());
            Insert(database, ownership.Id, state, batch, result.Stored);
            foreach (var (app, capacity) in capacities)
                result.Loaded.Add((app, database.LoadResting(ownership.Id, app.AppId, capacity)));
            if (ownership.HasOrphans)
                result.Claimed = ownership.ClaimOrphans(database, state.Apps);
            result.UsedBytes = database.UsedBytes();
        });
        return result;
    }

    private static void Insert(
        OutboxDatabase database, long owner, OutboxState state, WriteBatch batch, List<StoredRow> stored)
    {
        foreach (var queued in batch.Unsaved)
        {
            if (!queued.HasEnded)
                stored.Add(new(queued, database.Insert(owner, isResting: false, queued), IsResting: false));
        }

        var rests = state.PlanResting(batch.Appended);
        for (var i = 0; i < rests.Count; i++)
        {
            var queued = batch.Appended[i];
            stored.Add(new(queued, database.Insert(owner, rests[i], queued), rests[i]));
        }
    }
}

/// <summary>Holds what a transaction did.</summary>
internal sealed class WriteResult
{
    /// <summary>Gets or sets whether anything was written, which proves that the storage does not fail.</summary>
    public bool HasWritten { get; set; }

    public List<StoredRow> Stored { get; } = [];

    public List<(MetrixApp App, IReadOnlyList<StoredEvent> Events)> Loaded { get; } = [];

    public IReadOnlyList<(MetrixApp App, int Count)> Claimed { get; set; } = [];

    public long UsedBytes { get; set; }
}
