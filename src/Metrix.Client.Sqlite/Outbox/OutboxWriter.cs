using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Client.Tracking;

namespace Metrix.Client.Sqlite.Outbox;

/// <summary>
/// Writes <see cref="OutboxState"/> to the file: one thread stores committed events and deletes finished ones, many in
/// a transaction, loads the events to send next, and claims what dead processes left. All threads that wait for a
/// commit share it.
/// </summary>
internal sealed class OutboxWriter
{
    // The name of the trouble in messages, which are reported as over when the file can be written again.
    private const string Trouble = "outbox";

    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(30);

    private readonly IOutbox _outbox;
    private readonly OutboxState _state;
    private readonly Reporter _reporter;
    private readonly TimeProvider _clock;
    private readonly string _path;
    private readonly OutboxSession _session;
    private readonly AutoResetEvent _signal = new(initialState: true);
    private readonly ITimer _heartbeatTimer;
    private readonly ITimer _delayTimer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<MetrixApp>? _wakeApp;
    private int _isWakeScheduled;
    private volatile bool _isClosing;

    // Used by the thread only, except for the first opening, before the thread starts.
    private Exception? _startupError;
    private int _failures;
    private long _failedAt;

    public OutboxWriter(IOutbox outbox, OutboxState state, OutboxContext context)
    {
        _outbox = outbox;
        _state = state;
        _reporter = context.Reporter;
        _clock = context.Options.TimeProvider;
        _path = Path.GetFullPath(context.Options.OutboxPath!);
        _session = new OutboxSession(state, context, _path);
        _heartbeatTimer = CreateTimer();
        _delayTimer = CreateTimer();
    }

    /// <summary>Gets whether this client may still send the events that it has in memory.</summary>
    public bool MayLease => _session.Ownership.IsProven || _state.StorageError is not null;

    private bool IsRetryDue => _clock.GetElapsedTime(_failedAt) >= RetryDelay;

    private TimeSpan RetryDelay
    {
        get
        {
            var delay = FirstRetryDelay * Math.Pow(2, Math.Clamp(_failures - 1, 0, 10));
            return delay < MaxRetryDelay ? delay : MaxRetryDelay;
        }
    }

    /// <summary>Opens the file, so that one that must not be used stops the application at start.</summary>
    /// <exception cref="ArgumentException">The file belongs to another application or a newer version.</exception>
    public void OpenFirst()
    {
        try
        {
            if (Directory.Exists(_path))
                throw new ForeignFileException("the path is a directory");

            _session.Open();
        }
        catch (ForeignFileException foreign)
        {
            throw new ArgumentException(
                $"Metrix cannot start with these settings:{Environment.NewLine}  - OutboxPath: {_path}: " +
                $"{foreign.Message}. Example: \"outboxPath\": \"/var/lib/shop/metrix.db\"");
        }
        catch (Exception exception)
        {
            _startupError = exception;
        }
    }

    public void Start(Action<MetrixApp> wake)
    {
        _wakeApp = wake;
        _heartbeatTimer.Change(FileOwnership.HeartbeatInterval, FileOwnership.HeartbeatInterval);
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            new Thread(Run) { IsBackground = true, Name = "Metrix outbox" }.Start();
        }
    }

    /// <summary>Wakes the thread.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Wakes the thread after a delay at most.</summary>
    public void WakeWithin(TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _isWakeScheduled, 1) == 0)
            _delayTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes what is left and ends the thread.</summary>
    public Task CloseAsync()
    {
        _isClosing = true;
        Wake();
        return _ended.Task;
    }

    private ITimer CreateTimer() =>
        _clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Run()
    {
        try
        {
            var isDone = false;
            while (!isDone)
            {
                _signal.WaitOne();
                Interlocked.Exchange(ref _isWakeScheduled, 0);

                // Read before the batch is taken, so that the batch contains everything appended before closing. Events
                // that end while the batch is written are left for one more turn.
                var isClosing = _isClosing;
                var hasMore = RunOnceSafely(isClosing);
                isDone = isClosing && !hasMore;
                if (hasMore)
                    Wake();
            }

            _heartbeatTimer.Dispose();
            _delayTimer.Dispose();
            _session.Resign();
            _session.Close();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>
    /// Does one turn. Whatever throws, also without memory, counts as a storage error: without this thread, nothing
    /// would be stored and no audited call would return.
    /// </summary>
    /// <returns>Whether there is more to do now.</returns>
    private bool RunOnceSafely(bool isClosing)
    {
        try
        {
            if (_state.UnfinishedBatch() is { } unfinished)
                FallBackToMemory(unfinished, _state.StorageError ?? StorageErrorText.Unexpected);
            _state.EndTransferred();
            return RunOnce(isClosing);
        }
        catch (Exception exception)
        {
            _failures = Math.Max(1, _failures);
            _failedAt = _clock.GetTimestamp();
            _reporter.ReportTrouble(
                Trouble, "outbox_writer",
                () => $"writing to {_path} failed unexpectedly: {exception.GetType().Name}. It is tried again");
            WakeWithin(RetryDelay);
            return false;
        }
    }

    /// <returns>Whether there is more to do now.</returns>
    private bool RunOnce(bool isClosing)
    {
        WriteBatch? batch = null;
        WriteResult result;
        try
        {
            if (!_session.IsOpen && !IsRetryDue && !isClosing && !_state.IsAwaited)
            {
                FallBackToMemory(_state.TakeBatch(isClosing), _state.StorageError ?? "");
                WakeApps();
                WakeWithin(RetryDelay);
                return false;
            }

            // The batch is taken after these steps, because they may find that the file is another one, with other
            // rows.
            if (_startupError is { } error)
            {
                _startupError = null;
                throw error;
            }

            if (_session.Maintain())
                WakeApps();
            batch = _state.TakeBatch(isClosing);
            result = WriteTransaction.Run(_session, _state, batch, _clock.GetUtcNow(), hasFailed: _failures > 0);
        }
        catch (Exception exception)
        {
            OnStorageError(exception, batch ?? _state.TakeBatch(isClosing));
            return false;
        }

        // No longer a storage error if it fails: the batch is in the file and would be written again.
        return Finish(batch, result, isClosing);
    }

    /// <returns>Whether there is more to do now.</returns>
    private bool Finish(WriteBatch batch, WriteResult result, bool isClosing)
    {
        _state.OnWritten(batch, result.Stored, result.UsedBytes, isProof: result.HasWritten);
        if (!result.HasWritten)
            return false;

        _session.CountDeadLetters(batch.DeadLetters.Count);
        foreach (var (app, events) in result.Loaded)
            _state.AddLoaded(app, events);
        foreach (var (app, count) in result.Claimed)
            _state.AddClaimed(app, count);
        OnWritten();
        return result.Claimed.Count > 0 || _session.Ownership.HasOrphans || (isClosing && !batch.IsEmpty);
    }

    private void OnWritten()
    {
        if (_failures > 0)
        {
            _failures = 0;
            _reporter.ReportOver(
                Trouble,
                () => $"{_path} can be written again, and now contains the events that were kept in memory");
        }

        WakeApps();
    }

    private void OnStorageError(Exception exception, WriteBatch batch)
    {
        _session.Close();
        _failures++;
        _failedAt = _clock.GetTimestamp();
        var error = StorageErrorText.Of(exception);
        FallBackToMemory(batch, error);
        var isSetAside = StorageErrorText.IsDamage(exception) && _session.TrySetAside();
        if (!isSetAside)
        {
            _reporter.ReportTrouble(
                Trouble, "outbox",
                () => $"{_path} cannot be used: {error}. New events are kept in memory until it can be used again, " +
                      "and are lost if the process ends");
        }

        WakeApps();
        if (isSetAside)
            _failedAt = _clock.GetTimestamp() - (long)(MaxRetryDelay.TotalSeconds * _clock.TimestampFrequency);
        WakeWithin(isSetAside ? TimeSpan.Zero : RetryDelay);
    }

    private void FallBackToMemory(WriteBatch batch, string error)
    {
        foreach (var queued in _state.FallBackToMemory(batch, error))
        {
            queued.TryEnd(
                _outbox, EventState.Dropped, "outbox", _ => $"the event could not be written to the outbox: {error}");
        }
    }

    private void WakeApps()
    {
        foreach (var app in _state.Apps)
            _wakeApp!(app);
    }
}
