using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Stores events in a SQLite file. Callers only touch <see cref="OutboxState"/>, which is in memory.
/// <see cref="OutboxWriter"/> writes it to the file on its own thread.
/// </summary>
internal sealed class SqliteOutbox : IOutbox
{
    private readonly MetrixOptions _options;
    private readonly Reporter _reporter;
    private readonly OutboxState _state;
    private readonly OutboxWriter _writer;

    private SqliteOutbox(OutboxContext context)
    {
        _options = context.Options;
        _reporter = context.Reporter;
        _state = new OutboxState(context);
        _writer = new OutboxWriter(this, _state, context);
    }

    public bool IsDurable => true;

    public double Fullness => Math.Min(1, (double)_state.UsedBytes / _options.OutboxSizeLimit);

    public string? StorageError => _state.StorageError;

    /// <summary>Opens the outbox.</summary>
    /// <exception cref="ArgumentException">The file belongs to another application or a newer version.</exception>
    public static SqliteOutbox Open(OutboxContext context)
    {
        var outbox = new SqliteOutbox(context);
        outbox._writer.OpenFirst();
        return outbox;
    }

    public void Start(Action<MetrixApp> wake) => _writer.Start(wake);

    public bool TryAppend(QueuedEvent queued)
    {
        queued.AcceptedAt = _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        if (_state.TryAppend(queued))
            return true;

        // Other processes may have made room in the file meanwhile.
        _writer.WakeWithin(_options.Period);
        return false;
    }

    public void Commit()
    {
        if (_state.Commit())
            _writer.Wake();
    }

    public void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into) => Lease(app, max, into, isProbe: false);

    public void LeaseProbe(MetrixApp app, ICollection<QueuedEvent> into) => Lease(app, 1, into, isProbe: true);

    public void Complete(QueuedEvent queued, DeadLetter? letter)
    {
        if (_state.Complete(queued, letter))
            _writer.Wake();
        else
            _writer.WakeWithin(_options.Period);
    }

    public void AddDeadLetter(DeadLetter letter)
    {
        _state.AddDeadLetter(letter);
        _writer.WakeWithin(_options.Period);
    }

    public void Release(QueuedEvent queued, TimeSpan delay)
    {
        if (!_state.Release(queued, delay))
            _writer.Wake();
    }

    public void TakeExpired(MetrixApp app, ICollection<QueuedEvent> into) => _state.WindowOf(app).TakeExpired(into);

    public void MakeDue(MetrixApp app) => _state.WindowOf(app).MakeDue();

    public long Count(MetrixApp app) => app.Ledger.Read().Pending;

    public TimeSpan? NextChange(MetrixApp app) => _state.WindowOf(app).NextChange();

    public OutboxRemainder Close(TimeSpan limit)
    {
        BlockingWait.Wait(_writer.CloseAsync(), limit, _options.TimeProvider);

        // If the disk hangs, the writer still runs. Whatever it does later ends no event.
        var (inMemory, inDoubt) = _state.Close();
        _state.EndTransferred();
        foreach (var queued in inMemory.Where(queued => queued.Row != 0))
            queued.TransferOwnership();
        _state.ReleaseResting(EventState.Kept, reason: null);
        var kept = _state.Apps.Sum(app => app.Ledger.Read().Kept);
        return new OutboxRemainder(
            [.. inMemory.Where(queued => queued.Row == 0)],
            inDoubt,
            kept == 0 ? null : KeptMessage(kept));
    }

    private string KeptMessage(long kept) =>
        $"{Wording.Events(kept)} still {(kept == 1 ? "waits" : "wait")}" +
        $" in {_options.OutboxPath}, and the next start delivers {(kept == 1 ? "it" : "them")}";

    private void Lease(MetrixApp app, int max, ICollection<QueuedEvent> into, bool isProbe)
    {
        if (!_writer.MayLease || _state.Lease(app, max, into, isProbe))
            _writer.Wake();
    }
}
