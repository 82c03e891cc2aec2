using Metrix.Client.Intake;
using Metrix.Client.Outbox;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// What is to be written and is not yet: new events, events that an unwell disk had no place for, rows to delete, dead letters.
/// Guarded by the lock of the outbox.
/// </summary>
internal sealed class PendingWrites
{
    // Of an unwell disk the newest dead letters are kept in memory, to be written later.
    private const int MaxDeadLettersInMemory = 1_000;

    private readonly HashSet<QueuedEvent> _unsaved = [];
    private List<QueuedEvent> _appended = [];
    private List<FinishedRow> _finished = [];
    private List<DeadLetter> _letters = [];
    private bool _isCommitted;

    /// <summary>How many bytes the new events take, those that are being written included.</summary>
    public long AppendedBytes { get; private set; }

    public IReadOnlyList<FinishedRow> Finished => _finished;

    public IEnumerable<QueuedEvent> Appended => _appended;

    /// <summary>How much there is to write that no commit asks for.</summary>
    public int UnforcedCount => _finished.Count + _letters.Count;

    /// <summary>Whether somebody waits on his own thread for a commit.</summary>
    public bool IsAwaited => _isCommitted && _appended.Exists(entry => entry.Source is AuditWaiter);

    public void Append(QueuedEvent entry)
    {
        _appended.Add(entry);
        AppendedBytes += entry.Body.Length;
    }

    /// <summary>A new event has found its place, in the file or in memory.</summary>
    public void OnStored(QueuedEvent entry) => AppendedBytes -= entry.Body.Length;

    /// <summary>What was appended is a batch.</summary>
    /// <returns>False when there is nothing.</returns>
    public bool Commit() => _isCommitted = _appended.Count > 0;

    public void AddUnsaved(QueuedEvent entry) => _unsaved.Add(entry);

    /// <returns>Whether it was an event that the disk had no place for.</returns>
    public bool RemoveUnsaved(QueuedEvent entry) => _unsaved.Remove(entry);

    public void AddFinished(FinishedRow mark) => _finished.Add(mark);

    public void ClearFinished() => _finished.Clear();

    /// <param name="letter">A dead letter.</param>
    /// <param name="isUnwell">Whether the disk takes nothing now, so that the oldest must go.</param>
    public void AddDeadLetter(DeadLetter letter, bool isUnwell) => AddLetters(_letters.Count, [letter], isUnwell);

    /// <summary>Takes what is to be written now.</summary>
    /// <param name="isAll">Whether with what is no batch yet.</param>
    public WriteBatch Take(bool isAll)
    {
        IReadOnlyList<QueuedEvent> appended = [];
        if (_isCommitted || isAll)
        {
            appended = _appended;
            _appended = [];
            _isCommitted = false;
        }

        var work = new WriteBatch(appended, [.. _unsaved], _finished, _letters);
        (_finished, _letters) = ([], []);
        return work;
    }

    /// <summary>Takes back what was to be deleted and buried, and could not be.</summary>
    public void Restore(WriteBatch work)
    {
        _finished.InsertRange(0, work.Finished);
        AddLetters(0, work.DeadLetters, isUnwell: true);
    }

    private void AddLetters(int at, IReadOnlyList<DeadLetter> letters, bool isUnwell)
    {
        _letters.InsertRange(at, letters);
        if (isUnwell && _letters.Count > MaxDeadLettersInMemory)
            _letters.RemoveRange(0, _letters.Count - MaxDeadLettersInMemory);
    }
}
