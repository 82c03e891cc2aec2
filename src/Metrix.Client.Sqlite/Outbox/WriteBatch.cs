using Metrix.Client.Apps;
using Metrix.Client.Outbox;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>Represents a row to be deleted, because its event has ended.</summary>
/// <param name="Row">The row.</param>
/// <param name="App">The app of the event.</param>
/// <param name="WasLeased">Whether the event counts as possibly sent.</param>
internal readonly record struct FinishedRow(long Row, MetrixApp App, bool WasLeased);

/// <summary>Represents an event that was written, and its row.</summary>
/// <param name="Event">The event.</param>
/// <param name="Row">The row.</param>
/// <param name="IsResting">Whether the event is in the file only, not in memory.</param>
internal readonly record struct StoredRow(QueuedEvent Event, long Row, bool IsResting);

/// <summary>Holds what one transaction writes.</summary>
/// <param name="Appended">New events.</param>
/// <param name="Unsaved">Events that are in memory only, because the storage failed before.</param>
/// <param name="Finished">Rows of events that have ended.</param>
/// <param name="DeadLetters">Dead letters.</param>
internal sealed record WriteBatch(
    IReadOnlyList<QueuedEvent> Appended,
    IReadOnlyList<QueuedEvent> Unsaved,
    IReadOnlyList<FinishedRow> Finished,
    IReadOnlyList<DeadLetter> DeadLetters)
{
    public bool IsEmpty => Appended.Count + Unsaved.Count + Finished.Count + DeadLetters.Count == 0;
}
