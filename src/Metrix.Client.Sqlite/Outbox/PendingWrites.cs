using Metrix.Client.Outbox;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Collects what must still be written: new events, events that a failing storage did not take, rows to delete, and
/// dead letters. Guarded by the lock of <see cref="OutboxState"/>.
/// </summary>
internal sealed class PendingWrites
{
    // While the storage fails, the newest dead letters are kept in memory to be written later.
    private const int MaxDeadLettersInMemory = 1_000;

    private readonly HashSet<QueuedEvent> _unsaved = [];
    private List<QueuedEvent> _appended = [];
    private List<FinishedRow> _finished = [];
    private List<DeadLetter> _deadLetters = [];
    private bool _isCommitted;

    /// <summary>Gets the number of bytes of the new events, including those that are being written.</summary>
    public long AppendedBytes { get; private set; }

    public IReadOnlyList<FinishedRow> Finished => _finished;

    public IEnumerable<QueuedEvent> Appended => _appended;

    /// <summary>Gets the number of rows and dead letters that wait for a transaction without demanding one.</summary>
    public int UnforcedCount => _finished.Count + _deadLetters.Count;

    /// <summary>Gets whether a thread is blocked until the commit.</summary>
    public bool IsAwaited => _isCommitted && _appended.Exists(queued => queued.Source is IEventWaiter);

    public void Append(QueuedEvent queued)
    {
        _appended.Add(queued);
        AppendedBytes += queued.Body.Length;
    }

    /// <summary>Records that a new event is now in the file or in memory.</summary>
    public void OnStored(QueuedEvent queued) => AppendedBytes -= queued.Body.Length;

    /// <summary>Marks the appended events as a complete batch.</summary>
    /// <returns>False if there are none.</returns>
    public bool Commit() => _isCommitted = _appended.Count > 0;

    public void AddUnsaved(QueuedEvent queued) => _unsaved.Add(queued);

    /// <returns>Whether the event was unsaved.</returns>
    public bool RemoveUnsaved(QueuedEvent queued) => _unsaved.Remove(queued);

    public void AddFinished(FinishedRow finished) => _finished.Add(finished);

    public void ClearFinished() => _finished.Clear();

    /// <summary>Adds a dead letter.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="isStorageFailing">Whether the number is limited, because nothing can be written now.</param>
    public void AddDeadLetter(DeadLetter letter, bool isStorageFailing) =>
        AddDeadLetters(_deadLetters.Count, [letter], isStorageFailing);

    /// <summary>Takes what can be written now.</summary>
    /// <param name="isAll">Whether to include an incomplete batch.</param>
    public WriteBatch Take(bool isAll)
    {
        IReadOnlyList<QueuedEvent> appended = [];
        if (_isCommitted || isAll)
        {
            appended = _appended;
            _appended = [];
            _isCommitted = false;
        }

        var batch = new WriteBatch(appended, [.. _unsaved], _finished, _deadLetters);
        (_finished, _deadLetters) = ([], []);
        return batch;
    }

    /// <summary>Restores the finished rows and dead letters of a batch that could not be written.</summary>
    public void Restore(WriteBatch batch)
    {
        _finished.InsertRange(0, batch.Finished);
        AddDeadLetters(0, batch.DeadLetters, isStorageFailing: true);
    }

    private void AddDeadLetters(int index, IReadOnlyList<DeadLetter> letters, bool isStorageFailing)
    {
        _deadLetters.InsertRange(index, letters);
        if (isStorageFailing && _deadLetters.Count > MaxDeadLettersInMemory)
            _deadLetters.RemoveRange(0, _deadLetters.Count - MaxDeadLettersInMemory);
    }
}
