using Metrix.Client.Delivery;
using Metrix.Client.Outbox;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// What is to be written and is not yet: new events, events that an unwell disk had no place for, rows to delete, dead letters.
/// Guarded by the lock of the outbox.
/// </summary>
internal sealed class PendingWrites
{
    // Of an unwell disk the newest dead letters are kept in memory, to be written later.
    private const int MostLettersInMemory = 1_000;

    private readonly HashSet<OutboxEntry> _unsaved = [];
    private List<OutboxEntry> _appended = [];
    private List<Mark> _marks = [];
    private List<DeadLetter> _letters = [];
    private bool _isCommitted;

    /// <summary>How many bytes the new events take, those that are being written included.</summary>
    public long AppendedBytes { get; private set; }

    public IReadOnlyList<Mark> Marks => _marks;

    public IEnumerable<OutboxEntry> Appended => _appended;

    /// <summary>How much there is to write that no commit asks for.</summary>
    public int Ended => _marks.Count + _letters.Count;

    /// <summary>Whether somebody waits on his own thread for a commit.</summary>
    public bool IsAwaited => _isCommitted && _appended.Exists(entry => entry.Source is Receipt);

    public void Append(OutboxEntry entry)
    {
        _appended.Add(entry);
        AppendedBytes += entry.Body.Length;
    }

    /// <summary>A new event has found its place, in the file or in memory.</summary>
    public void Place(OutboxEntry entry) => AppendedBytes -= entry.Body.Length;

    /// <summary>What was appended is a batch.</summary>
    /// <returns>False when there is nothing.</returns>
    public bool Commit() => _isCommitted = _appended.Count > 0;

    public void Unsave(OutboxEntry entry) => _unsaved.Add(entry);

    /// <returns>Whether it was an event that the disk had no place for.</returns>
    public bool Save(OutboxEntry entry) => _unsaved.Remove(entry);

    public void Mark(Mark mark) => _marks.Add(mark);

    public void ForgetMarks() => _marks.Clear();

    /// <param name="letter">A dead letter.</param>
    /// <param name="isUnwell">Whether the disk takes nothing now, so that the oldest must go.</param>
    public void Bury(DeadLetter letter, bool isUnwell) => AddLetters(_letters.Count, [letter], isUnwell);

    /// <summary>Takes what is to be written now.</summary>
    /// <param name="isAll">Whether with what is no batch yet.</param>
    public Work Take(bool isAll)
    {
        IReadOnlyList<OutboxEntry> appended = [];
        if (_isCommitted || isAll)
        {
            appended = _appended;
            _appended = [];
            _isCommitted = false;
        }

        var work = new Work(appended, [.. _unsaved], _marks, _letters);
        (_marks, _letters) = ([], []);
        return work;
    }

    /// <summary>Takes back what was to be deleted and buried, and could not be.</summary>
    public void TakeBack(Work work)
    {
        _marks.InsertRange(0, work.Marks);
        AddLetters(0, work.Letters, isUnwell: true);
    }

    private void AddLetters(int at, IReadOnlyList<DeadLetter> letters, bool isUnwell)
    {
        _letters.InsertRange(at, letters);
        if (isUnwell && _letters.Count > MostLettersInMemory)
            _letters.RemoveRange(0, _letters.Count - MostLettersInMemory);
    }
}
