using System.Threading.Channels;
using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// Delivers the events of one app: one loop leases due events, up to <c>MaxInFlight</c> workers send them, and each
/// outcome completes, releases or rejects its event. Every app has its own dispatcher, so that the trouble of one app
/// does not slow down another.
/// </summary>
internal sealed class Dispatcher
{
    private static readonly TimeSpan MinHurryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly MetrixApp _app;
    private readonly IOutbox _outbox;
    private readonly InAppEventApi _api;
    private readonly DeliveryMessages _messages;
    private readonly MetrixOptions _options;
    private readonly Action? _onSendingThread;
    private readonly EndpointGate _gate;
    private readonly OutcomeHandler _outcomes;

    // Wakes the loop. One pending wake-up is enough.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Wakes the loop when time alone changes something. Owned by the loop.
    private readonly ITimer _timer;

    // Wakes the loop one period after the first event that was appended outside a batch.
    private readonly ITimer _periodTimer;

    // Hurries once more, for a flush that came too soon after another one.
    private readonly ITimer _hurryTimer;
    private readonly RequestWorkerPool _workers;
    private readonly Task _loop;

    // Used by the loop only. Its events were taken from the outbox and must be ended.
    private readonly List<QueuedEvent> _expired = [];

    // Guards the fields below. Nothing is called under it that blocks or calls back.
    private readonly object _lock = new();

    // Of sufficient capacity, so that an event cannot get lost between the outbox and the queue for lack of memory.
    private readonly Queue<QueuedEvent> _leased;
    private readonly List<QueuedEvent> _leasing;

    // Workers that were opened and have not asked for their first request yet.
    private int _startingWorkers;
    private long? _hurriedAt;
    private volatile bool _isStopped;

    private int _appended;

    public Dispatcher(
        MetrixApp app, IOutbox outbox, InAppEventApi api, Reporter reporter, MetrixOptions options,
        Action? onSendingThread)
    {
        _app = app;
        _outbox = outbox;
        _api = api;
        _options = options;
        _onSendingThread = onSendingThread;
        _messages = new DeliveryMessages(app, outbox, reporter, options.TimeProvider);
        _gate = new EndpointGate(options.TimeProvider);
        _outcomes = new OutcomeHandler(outbox, _gate, _messages);
        _leasing = new List<QueuedEvent>(LeaseSize);
        _leased = new Queue<QueuedEvent>(LeaseSize + options.MaxInFlight);
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = CreateTimer(Wake);
            _periodTimer = CreateTimer(Wake);
            _hurryTimer = CreateTimer(() => RetryNow(isClosing: false));
            _workers = new RequestWorkerPool(options);
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Gets whether the endpoint fails as a whole and only probes are sent.</summary>
    public bool IsPaused => !_gate.IsOpen;

    private int LeaseSize => Math.Max(_options.BatchSizeLimit, _options.MaxInFlight);

    /// <summary>Counts an event that was appended outside a batch. It is sent with the others of its period.</summary>
    public void OnAppended()
    {
        var appended = Interlocked.Increment(ref _appended);
        if (appended >= _options.BatchSizeLimit)
            Wake();
        else if (appended == 1)
            _periodTimer.Change(_options.Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Wakes the loop, because a batch was appended.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    /// <summary>
    /// Makes delayed retries and probes due now, but at most once a second: more calls would switch off the backoff.
    /// </summary>
    /// <param name="isClosing">Whether the client closes. Then this happens at once, and later retries are due soon,
    /// too.</param>
    public void RetryNow(bool isClosing)
    {
        if (isClosing)
            _outcomes.OnClosing();
        lock (_lock)
        {
            var now = _options.TimeProvider.GetTimestamp();
            if (!isClosing && _hurriedAt is { } last)
            {
                var wait = MinHurryInterval - _options.TimeProvider.GetElapsedTime(last, now);
                if (wait > TimeSpan.Zero)
                {
                    if (!_isStopped)
                        _hurryTimer.Change(wait, Timeout.InfiniteTimeSpan);
                    return;
                }
            }

            _hurriedAt = now;
        }

        _gate.RetryNow(isClosing);
        _outbox.MakeDue(_app);
        Wake();
    }

    /// <summary>Cancels the requests whose events have all ended, because nobody waits for them any more.</summary>
    public void CancelEnded() => _workers.CancelEnded();

    /// <summary>Stops starting requests. Does not block.</summary>
    public void BeginStop()
    {
        lock (_lock)
        {
            _isStopped = true;
        }

        _wakeUps.Writer.TryComplete();
        _timer.Dispose();
        _periodTimer.Dispose();
        _hurryTimer.Dispose();
    }

    /// <summary>
    /// Blocks until delivery has stopped: waits for running requests, cancels those that are left, and returns all
    /// leased events to the outbox. It needs no thread of the pool.
    /// </summary>
    /// <param name="drainTimeout">How long to wait for the answers to running requests.</param>
    /// <param name="cancelTimeout">How long to wait then until the canceled workers have ended.</param>
    public void EndStop(TimeSpan drainTimeout, TimeSpan cancelTimeout)
    {
        _workers.WaitUntilEmpty(drainTimeout);

        // The events of workers that still run are returned, even one that its worker is about to return: nobody reads
        // the outbox later. Returning it twice, or a late answer, has no effect.
        foreach (var queued in _workers.CancelAll(cancelTimeout).SelectMany(worker => worker.Events))
            _outbox.Release(queued, TimeSpan.Zero);
        ReturnLeased();
        _workers.Dispose();

        // The host's failure listener may block the loop. Whatever the loop does later has no effect.
        BlockingWait.Wait(_loop, cancelTimeout, _options.TimeProvider);
    }

    private ITimer CreateTimer(Action callback) => _options.TimeProvider.CreateTimer(
        _ => callback(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private async Task RunAsync()
    {
        while (await _wakeUps.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _wakeUps.Reader.TryRead(out _);
            try
            {
                RunOnce();
            }
            catch (Exception exception)
            {
                // Whatever it was, for lack of memory or by a mistake of ours: a loop that ends delivers nothing more.
                _messages.Faulted(exception);
                ScheduleRestart();
            }
        }
    }

    private void RunOnce()
    {
        if (Interlocked.Exchange(ref _appended, 0) > 0)
            _outbox.Commit();

        // After an exception, the next turn ends the rest. Ending an event twice has no effect.
        _outbox.TakeExpired(_app, _expired);
        foreach (var queued in _expired)
            _outcomes.Expire(queued);
        _expired.Clear();

        LeaseAndStartWorkers();
    }

    private void ScheduleRestart()
    {
        lock (_lock)
        {
            if (!_isStopped)
                _timer.Change(RestartDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Leases the events that can be sent now, and starts the workers that send them.</summary>
    private void LeaseAndStartWorkers()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;

            // A worker that is sending may hang until its time limit. Another event does not have to wait for it.
            var startable = _gate.StartableRequests(_options.MaxInFlight, _workers.Count - _startingWorkers);
            if (startable > 0 && _leased.Count < _options.MaxInFlight)
                Lease_NeedsLock();

            var requests = (_leased.Count + InAppEventApi.EventsPerRequest - 1) / InAppEventApi.EventsPerRequest;
            for (var wanted = Math.Min(startable, requests); _startingWorkers < wanted;)
                OpenWorker_NeedsLock();

            SetTimer_NeedsLock(startable);
        }
    }

    private void Lease_NeedsLock()
    {
        _leasing.Clear();
        if (_gate.IsOpen)
            _outbox.Lease(_app, LeaseSize, _leasing);
        else if (_leased.Count == 0)
            _outbox.LeaseProbe(_app, _leasing);
        foreach (var queued in _leasing)
            _leased.Enqueue(queued);
    }

    private void OpenWorker_NeedsLock()
    {
        var worker = _workers.Open();
        try
        {
            _ = Task.Run(() => RunWorkerAsync(worker));
            _startingWorkers++;
        }
        catch
        {
            _workers.Close(worker);
            throw;
        }
    }

    private void SetTimer_NeedsLock(int startable)
    {
        var next = _outbox.NextChange(_app);
        var isWaitingForProbe = startable == 0 && (next is not null || _leased.Count > 0);
        if (isWaitingForProbe && _gate.NextProbe() is { } probe && (next is null || probe < next))
            next = probe;

        var wait = next is not { } change ? Timeout.InfiniteTimeSpan : change > TimeSpan.Zero ? change : TimeSpan.Zero;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task RunWorkerAsync(RequestWorker worker)
    {
        try
        {
            _onSendingThread?.Invoke();
            while (TryStartRequest(worker, out var cancellation))
            {
                await _api.SendAsync(_app, worker.Bodies, worker.Outcomes, cancellation).ConfigureAwait(false);
                worker.End();
                while (worker.TryTake(out var queued, out var index))
                    Handle(queued, worker.Outcomes[index], worker.Pass);
                if (_messages.HasQueued)
                {
                    // The application's channel may block, or close the client, which waits for all workers.
                    Close(worker);
                    _messages.WriteQueued();
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, the worker gives back its slot and its events, and delivery continues.
            _messages.Faulted(exception);
            Abort(worker);
        }
    }

    /// <summary>Gives a worker its next request, or ends the worker.</summary>
    private bool TryStartRequest(RequestWorker worker, out CancellationToken cancellation)
    {
        lock (_lock)
        {
            OnStarted_NeedsLock(worker);

            // The caller of an audited event may have stopped waiting for it.
            while (_leased.TryPeek(out var queued) && queued.HasEnded)
                _leased.Dequeue();

            if (!_isStopped && _leased.Count > 0 && _gate.TryPass(out var pass))
            {
                cancellation = worker.Start(_leased, pass, _options.TimeProvider.GetTimestamp());
                if (_leased.Count < _options.MaxInFlight / 2)
                    Wake();
                return true;
            }

            cancellation = default;
        }

        Close(worker);
        return false;
    }

    private void Close(RequestWorker worker)
    {
        _workers.Close(worker);
        Wake();
    }

    private void OnStarted_NeedsLock(RequestWorker worker)
    {
        if (!worker.HasStarted)
        {
            worker.HasStarted = true;
            _startingWorkers--;
        }
    }

    private void Handle(QueuedEvent queued, SendOutcome outcome, int pass)
    {
        try
        {
            OnGateChange(_outcomes.Handle(queued, outcome, pass, _isStopped));
        }
        catch (Exception exception)
        {
            _messages.Faulted(exception);
            _gate.Withdraw(pass);

            // Without effect if the event has ended or was already returned.
            _outbox.Release(queued, RestartDelay);
        }
    }

    private void OnGateChange(GateChange change)
    {
        if (change == GateChange.None)
            return;

        // Only the outbox watches the time limit of events, so leased ones are returned to it.
        if (change == GateChange.Closed)
            ReturnLeased();
        Wake();
    }

    private void Abort(RequestWorker worker)
    {
        try
        {
            worker.End();
            _gate.Fail(worker.Pass, SendOutcome.Faulted);
            while (worker.TryTake(out var queued, out _))
                _outbox.Release(queued, RestartDelay);
        }
        finally
        {
            lock (_lock)
            {
                OnStarted_NeedsLock(worker);
                _workers.Close(worker);
            }

            ScheduleRestart();
        }
    }

    private void ReturnLeased()
    {
        while (true)
        {
            QueuedEvent? queued;
            lock (_lock)
            {
                if (!_leased.TryDequeue(out queued))
                    return;
            }

            // Not under the lock, so that an outbox may end an event that it has lost, which calls listeners.
            _outbox.Release(queued, TimeSpan.Zero);
        }
    }
}
