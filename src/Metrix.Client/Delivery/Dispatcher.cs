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
    private static readonly TimeSpan MaxDrainingRetryDelay = TimeSpan.FromSeconds(1);

    private readonly MetrixApp _app;
    private readonly IOutbox _outbox;
    private readonly InAppEventApi _api;
    private readonly DeliveryMessages _messages;
    private readonly MetrixOptions _options;
    private readonly Action? _onSendingThread;
    private readonly EndpointGate _gate;

    // Wakes the loop. One pending wake-up is enough.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Wakes the loop when time alone changes something. Owned by the loop.
    private readonly ITimer _timer;

    // Wakes the loop one period after the first event that was appended outside a batch.
    private readonly ITimer _periodTimer;
    private readonly RequestWorkerPool _workers;
    private readonly Task _loop;

    // Guards the fields below. Nothing is called under it that blocks or calls back.
    private readonly object _lock = new();
    private readonly Queue<QueuedEvent> _leased = new();
    private readonly List<QueuedEvent> _leasing = [];
    private bool _isStopped;

    private int _appended;
    private volatile bool _isDraining;

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
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = CreateTimer();
            _periodTimer = CreateTimer();
            _workers = new RequestWorkerPool(options);
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Gets whether the endpoint fails as a whole and only probes are sent.</summary>
    public bool IsPaused => !_gate.IsOpen;

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

    /// <summary>Makes delayed retries and probes due now.</summary>
    /// <param name="isClosing">Whether the client closes. Later retries are then due soon, too.</param>
    public void RetryNow(bool isClosing)
    {
        _isDraining |= isClosing;
        _gate.RetryNow(isClosing);
        _outbox.MakeDue(_app);
        Wake();
    }

    /// <summary>Starts no more requests. Does not block.</summary>
    public void BeginStop()
    {
        lock (_lock)
        {
            _isStopped = true;
        }

        _wakeUps.Writer.TryComplete();
    }

    /// <summary>
    /// Ends delivery after <see cref="BeginStop"/>: waits for running requests, cancels what is left and returns all
    /// leased events to the outbox. Blocks the thread and needs no thread pool.
    /// </summary>
    /// <param name="drainTimeout">How long to wait for the answers to running requests.</param>
    /// <param name="cancelTimeout">How long to wait then until the canceled workers have ended.</param>
    public void EndStop(TimeSpan drainTimeout, TimeSpan cancelTimeout)
    {
        // The host's failure listener may block the loop. Whatever the loop does later has no effect.
        BlockingWait.Wait(_loop, cancelTimeout, _options.TimeProvider);
        _timer.Dispose();
        _periodTimer.Dispose();
        _workers.WaitUntilEmpty(drainTimeout);

        // The events of workers that still run are returned as they are. A late answer has no effect.
        var running = _workers.CancelAll(cancelTimeout);
        _workers.Dispose();
        lock (_lock)
        {
            foreach (var queued in running.SelectMany(worker => worker.Events).Concat(_leased))
                _outbox.Release(queued, TimeSpan.Zero);
            _leased.Clear();
        }
    }

    private ITimer CreateTimer() =>
        _options.TimeProvider.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private async Task RunAsync()
    {
        var expired = new List<QueuedEvent>();
        while (await _wakeUps.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            _wakeUps.Reader.TryRead(out _);
            if (Interlocked.Exchange(ref _appended, 0) > 0)
                _outbox.Commit();

            _outbox.TakeExpired(_app, expired);
            foreach (var queued in expired)
                queued.TryEnd(_outbox, EventState.Expired, null, _messages.Expired);
            expired.Clear();

            LeaseAndStartWorkers();
        }
    }

    /// <summary>Leases the events that can be sent now, and starts the workers that send them.</summary>
    private void LeaseAndStartWorkers()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;

            var allowed = _gate.AllowedConcurrency(_options.MaxInFlight);
            if (allowed > 0 && _leased.Count < _options.MaxInFlight)
                Lease_NeedsLock();

            var requests = (_leased.Count + InAppEventApi.EventsPerRequest - 1) / InAppEventApi.EventsPerRequest;
            var wanted = Math.Min(allowed, requests);
            for (var open = _workers.Count; open < wanted; open++)
            {
                var worker = _workers.Open();
                _ = Task.Run(() => RunWorkerAsync(worker));
            }

            SetTimer_NeedsLock(allowed);
        }
    }

    private void Lease_NeedsLock()
    {
        _leasing.Clear();
        if (_gate.IsOpen)
            _outbox.Lease(_app, Math.Max(_options.BatchSizeLimit, _options.MaxInFlight), _leasing);
        else if (_leased.Count == 0)
            _outbox.LeaseProbe(_app, _leasing);
        foreach (var queued in _leasing)
            _leased.Enqueue(queued);
    }

    private void SetTimer_NeedsLock(int allowed)
    {
        var next = _outbox.NextChange(_app);
        var isWaitingForProbe = allowed == 0 && (next is not null || _leased.Count > 0);
        if (isWaitingForProbe && _gate.NextProbe() is { } probe && (next is null || probe < next))
            next = probe;

        var wait = next is not { } change ? Timeout.InfiniteTimeSpan : change > TimeSpan.Zero ? change : TimeSpan.Zero;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task RunWorkerAsync(RequestWorker worker)
    {
        _onSendingThread?.Invoke();
        while (TryStartRequest(worker, out var cancellation))
        {
            await _api.SendAsync(_app, worker.Bodies, worker.Outcomes, cancellation).ConfigureAwait(false);
            worker.End();
            ProcessOutcomes(worker);
        }
    }

    /// <summary>Gives a worker its next request, or ends the worker.</summary>
    private bool TryStartRequest(RequestWorker worker, out CancellationToken cancellation)
    {
        lock (_lock)
        {
            worker.Events.Clear();
            worker.Bodies.Clear();
            if (!_isStopped && _leased.Count > 0 && _gate.TryPass(out var pass))
            {
                while (worker.Events.Count < InAppEventApi.EventsPerRequest && _leased.TryDequeue(out var queued))
                {
                    worker.Events.Add(queued);
                    worker.Bodies.Add(queued.Body);
                }

                cancellation = worker.Start(pass, _options.TimeProvider.GetTimestamp());
                if (_leased.Count < _options.MaxInFlight / 2)
                    Wake();
                return true;
            }

            _workers.Close(worker);
            Wake();
            cancellation = default;
            return false;
        }
    }

    private void ProcessOutcomes(RequestWorker worker)
    {
        for (var i = 0; i < worker.Events.Count; i++)
        {
            var (queued, outcome) = (worker.Events[i], worker.Outcomes[i]);
            switch (outcome.Kind)
            {
                case SendOutcomeKind.Delivered:
                    queued.TryEnd(_outbox, EventState.Delivered, null, null);
                    OnGateChange(_gate.Succeed(), outcome);
                    break;
                case SendOutcomeKind.Rejected:
                    Reject(queued, outcome);
                    OnGateChange(_gate.Succeed(), outcome);
                    break;
                default:
                    if (!TryReturnToOutbox(queued))
                        Retry(queued, outcome, worker.Pass);
                    break;
            }
        }
    }

    // A separate method, so that only rejected events pay for its closure.
    private void Reject(QueuedEvent queued, SendOutcome outcome) =>
        queued.TryEnd(
            _outbox, EventState.Rejected, outcome.Reason, rejected => _messages.Rejected(rejected, outcome),
            outcome.Answer);

    /// <summary>
    /// Returns an event whose request was canceled by closing. That is neither a failure of the endpoint nor a retry.
    /// </summary>
    private bool TryReturnToOutbox(QueuedEvent queued)
    {
        lock (_lock)
        {
            if (!_isStopped)
                return false;
        }

        _outbox.Release(queued, TimeSpan.Zero);
        return true;
    }

    private void Retry(QueuedEvent queued, SendOutcome outcome, int pass)
    {
        queued.Ledger.Retry(outcome.Reason);
        queued.Attempts++;
        var delay = outcome.Kind == SendOutcomeKind.Misconfigured
            ? TimeSpan.Zero
            : outcome.RetryAfter ?? Backoff.ForEvent(queued.Attempts);
        if (_isDraining && delay > MaxDrainingRetryDelay)
            delay = MaxDrainingRetryDelay;
        _outbox.Release(queued, delay);
        var change = _gate.Fail(pass, outcome);
        if (change == GateChange.None && !_gate.IsOpen)
            _messages.Paused(outcome);
        else
            _messages.Failing(outcome);
        OnGateChange(change, outcome);
    }

    private void OnGateChange(GateChange change, SendOutcome outcome)
    {
        if (change == GateChange.None)
            return;

        if (change == GateChange.Closed)
        {
            // Only the outbox watches the time limit of events, so leased ones are returned to it.
            lock (_lock)
            {
                while (_leased.TryDequeue(out var queued))
                    _outbox.Release(queued, TimeSpan.Zero);
            }

            _messages.Paused(outcome);
        }
        else
        {
            _messages.Resumed();
        }

        Wake();
    }
}
