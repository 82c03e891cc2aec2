using Metrix.Client.Apps;
using Metrix.Client.Outbox;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>A row that is to be deleted, since its event has ended.</summary>
/// <param name="Row">The row.</param>
/// <param name="App">The app of the event.</param>
/// <param name="WasLeased">Whether the event counts among those that may have been sent.</param>
internal readonly record struct FinishedRow(long Row, MetrixApp App, bool WasLeased);

/// <summary>What one transaction writes.</summary>
/// <param name="Appended">Events that are in no place yet.</param>
/// <param name="Unsaved">Events that are in memory alone, since the disk was not well.</param>
/// <param name="Finished">Rows of events that have ended.</param>
/// <param name="DeadLetters">Dead letters.</param>
internal sealed record WriteBatch(
    IReadOnlyList<QueuedEvent> Appended, IReadOnlyList<QueuedEvent> Unsaved, IReadOnlyList<FinishedRow> Finished,
    IReadOnlyList<DeadLetter> DeadLetters)
{
    public bool IsEmpty => Appended.Count + Unsaved.Count + Finished.Count + DeadLetters.Count == 0;
}

/// <summary>An event that is written, and where.</summary>
internal readonly record struct StoredRow(QueuedEvent Entry, long Row, bool IsResting);
