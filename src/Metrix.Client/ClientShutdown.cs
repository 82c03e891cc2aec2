using System.Globalization;
using Metrix.Client.Apps;
using Metrix.Client.Delivery;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client;

/// <summary>
/// Closes a client within a time limit: drains the outbox, stops delivery, and ends the events that are left.
/// </summary>
/// <remarks>
/// The close runs on its own thread, which waits for nothing without a limit and needs no thread pool: blocked pool
/// threads are a common reason to close. The application's code runs on a second thread. A slow or blocked callback
/// therefore delays neither the account of the events nor the end of the close.
/// </remarks>
internal sealed class ClientShutdown(
    MetrixClient client,
    MetrixOptions options,
    HostIntegration host,
    IOutbox outbox,
    IReadOnlyCollection<Dispatcher> dispatchers,
    AppDirectory apps,
    HttpTransport transport,
    Reporter reporter)
{
    /// <summary>The time after the limit in which a close has ended, whatever happens.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    private const string AbandonedMessage =
        "the event still waited when the time limit of closing was reached, and is lost";

    private const string InDoubtMessage =
        "the event was being written to the outbox when the time limit of closing was reached. It may be stored, and " +
        "the next start delivers it then";

    // The share of the limit, and the most of it, that is reserved for canceling running requests.
    private const int CancelShare = 20;
    private static readonly TimeSpan MaxCancelTimeout = TimeSpan.FromSeconds(0.5);

    // The parts of the grace period that the storage, and after it the application's callbacks, may use.
    private static readonly TimeSpan StorageGracePeriod = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan CallbackGracePeriod = TimeSpan.FromSeconds(0.9);

    [ThreadStatic]
    private static ClientShutdown? _runningHere;

    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly object _lock = new();
    private readonly CallbackThread _callbacks = new();
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private long _startedAt;
    private TimeSpan _limit;

    /// <summary>
    /// Gets whether the current thread belongs to this close: a callback of the application closes the client. It must
    /// not wait for itself.
    /// </summary>
    public bool IsRunningHere => _runningHere == this;

    /// <summary>Closes the client once. Later calls wait for the first one.</summary>
    /// <param name="timeout">The time limit. It may be shorter if other clients of the process were just
    /// closed.</param>
    /// <returns>A task whose result is true if the outcome of every event is known; false if events were abandoned or
    /// kept.</returns>
    public Task<bool> CloseAsync(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_isStarted)
                return _closed.Task;

            _isStarted = true;
        }

        _limit = ProcessDeadline.Of(_clock).Begin(_clock, options.FlushTimeout, timeout);
        _startedAt = _clock.GetTimestamp();
        client.Tracker.Close();
        TryStartThread("Metrix closing callbacks", _callbacks.Run);
        if (!TryStartThread("Metrix closing", Run))
            Run();
        return _closed.Task;
    }

    private TimeSpan Left(TimeSpan afterLimit = default)
    {
        var left = _limit + afterLimit - _clock.GetElapsedTime(_startedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private bool TryStartThread(string name, Action run)
    {
        try
        {
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                var thread = new Thread(() =>
                {
                    _runningHere = this;
                    run();
                })
                {
                    IsBackground = true,
                    Name = name,
                };
                thread.Start();
            }

            return true;
        }
        catch (Exception)
        {
            // The machine has no memory or no threads left. Without callbacks, the close is silent but complete.
            return false;
        }
    }

    private void Run()
    {
        var isComplete = false;
        try
        {
            isComplete = Close();
        }
        catch (Exception)
        {
            // Memory may be exhausted. Nobody must wait for a close that has ended.
        }
        finally
        {
            _callbacks.Complete();
            ClientRegistry.Remove(client);
            ProcessDeadline.Of(_clock).End(_clock);
            _closed.TrySetResult(isComplete);
        }
    }

    private bool Close()
    {
        var cancelTimeout = Min(_limit / CancelShare, MaxCancelTimeout);
        ReportWaiting();
        if (host.BeforeFlush is { } beforeFlush)
            _callbacks.Post(beforeFlush);
        if (host.OnClosing is { } onClosing)
            _callbacks.Post(onClosing);

        // Now, so that the storage has the whole time for it.
        outbox.Commit();
        var drained = client.WhenDrained();
        if (!drained.IsCompleted)
            client.RetryNow(isClosing: true);
        BlockingWait.Wait(drained, Left(-cancelTimeout), _clock);
        client.Tracker.Stop();

        StopDelivery(cancelTimeout);
        var remainder = outbox.Close(Left(StorageGracePeriod));
        var lost = Account(remainder.Lost);
        var inDoubt = Account(remainder.InDoubt);
        _callbacks.Post(() => Report(remainder.Message, lost.Count, inDoubt.Count));
        Announce(lost, AbandonedMessage);
        Announce(inDoubt, InDoubtMessage);
        _callbacks.Post(reporter.Close);
        _callbacks.Post(transport.Dispose);
        _callbacks.Complete();
        foreach (var ledger in apps.Ledgers)
            Instruments.Close(ledger);
        BlockingWait.Wait(_callbacks.Ended, Left(CallbackGracePeriod), _clock);
        return lost.Count + inDoubt.Count == 0 && apps.Ledgers.All(ledger => ledger.Read().Kept == 0);
    }

    private void ReportWaiting()
    {
        var waiting = apps.Ledgers.Sum(ledger => ledger.Read().Pending);
        if (waiting == 0)
            return;

        var limit = _limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        _callbacks.Post(() => reporter.Report(
            "closing",
            () => $"closing: {Wording.EventsWait(waiting)}, and closing may take up to {limit} s"));
    }

    private void StopDelivery(TimeSpan cancelTimeout)
    {
        foreach (var dispatcher in dispatchers)
            dispatcher.BeginStop();

        // A flush does not wait for events of an earlier process. Their running requests get the time that is left. The
        // time to cancel is divided, so that a handler that ignores the cancellation does not use that of other apps.
        var remaining = dispatchers.Count;
        foreach (var dispatcher in dispatchers)
            dispatcher.EndStop(Left(-cancelTimeout), Min(Left(), cancelTimeout) / remaining--);
    }

    private List<QueuedEvent> Account(IReadOnlyCollection<QueuedEvent> left) =>
        [.. left.Where(queued => queued.TryAccount(outbox, EventState.Abandoned, null))];

    private void Announce(List<QueuedEvent> abandoned, string message)
    {
        foreach (var queued in abandoned)
            _callbacks.Post(() => queued.Announce(EventState.Abandoned, null, _ => message));
    }

    private void Report(string? kept, int lost, int inDoubt)
    {
        if (kept is not null)
            reporter.Report("kept", () => kept);
        if (lost > 0)
        {
            reporter.Report(
                "abandoned",
                () => $"the time limit of closing was reached, and {Wording.Events(lost)} that still waited " +
                    (lost == 1 ? "is lost" : "are lost"));
        }

        if (inDoubt > 0)
        {
            reporter.Report(
                "in_doubt",
                () => $"the time limit of closing was reached while {Wording.Events(inDoubt)} " +
                    (inDoubt == 1 ? "was" : "were") +
                    " being written to the outbox. The next start delivers what was stored, and the rest is lost");
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
