using System.Threading.Channels;
using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// Delivers the events of one app: one loop leases what is due, up to <c>MaxInFlight</c> lanes send it, and each outcome
/// completes, releases or rejects its event. Every app has its own, so that the trouble of one never slows another.
/// </summary>
internal sealed class Dispatcher
{
    private static readonly TimeSpan MaxDrainingRetryDelay = TimeSpan.FromSeconds(1);

    private readonly MetrixApp _app;
    private readonly IOutbox _outbox;
    private readonly InAppEventApi _api;
    private readonly EventTracker _tracker;
    private readonly DeliveryMessages _messages;
    private readonly MetrixOptions _options;
    private readonly Action? _onSendingThread;
    private readonly EndpointGate _gate;

    // Whoever has something for the loop writes here; one waiting wake-up is enough.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Wakes the loop when time alone changes something. Owned by the loop.
    private readonly ITimer _timer;

    // Wakes the loop a period after the first event that came by itself.
    private readonly ITimer _period;
    private readonly RequestWorkerPool _workers;
    private readonly Task _loop;

    // Guards the fields below. Nothing is called under it that waits or calls back.
    private readonly object _lock = new();
    private readonly Queue<QueuedEvent> _leased = new();
    private readonly List<QueuedEvent> _leasing = [];
    private bool _isStopped;

    private int _appended;
    private volatile bool _isDraining;

    public Dispatcher(
        MetrixApp app, IOutbox outbox, InAppEventApi api, EventTracker custody, Reporter reporter, MetrixOptions options,
        Action? beforeSending)
    {
        _app = app;
        _outbox = outbox;
        _api = api;
        _tracker = custody;
        _options = options;
        _onSendingThread = beforeSending;
        _messages = new DeliveryMessages(app, outbox, reporter, options.TimeProvider);
        _gate = new EndpointGate(options.TimeProvider);
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = CreateTimer();
            _period = CreateTimer();
            _workers = new RequestWorkerPool(options);
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Whether the endpoint as a whole fails, and only probes go out.</summary>
    public bool IsPaused => !_gate.IsOpen;

    /// <summary>Tells of one event that came by itself: it is sent with the others of its period.</summary>
    public void OnAppended()
    {
        var appended = Interlocked.Increment(ref _appended);
        if (appended >= _options.BatchSizeLimit)
            Wake();
        else if (appended == 1)
            _period.Change(_options.Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets the loop look for work now: a batch was appended.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Tries now what waits for a later time.</summary>
    /// <param name="isClosing">Whether there is little time left, so that later retries come soon too.</param>
    public void RetryNow(bool isClosing)
    {
        _isDraining |= isClosing;
        _gate.RetryNow(isClosing);
        _outbox.MakeDue(_app);
        Wake();
    }

    /// <summary>
    /// Ends delivery: breaks off what is under way, and gives everything that is left back to the outbox.
    /// </summary>
    /// <param name="patience">How long to wait for the answers of requests that are under way.</param>
    /// <param name="limit">How long to wait then until those who send have seen that it is over.</param>
    public async Task StopAsync(TimeSpan patience, TimeSpan limit)
    {
        lock (_lock)
        {
            _isStopped = true;
        }

        // The loop may be held up by a listener of the host's; what it does later changes nothing any more.
        _wakeUps.Writer.TryComplete();
        await Task.WhenAny(_loop, Task.Delay(limit, _options.TimeProvider)).ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _period.DisposeAsync().ConfigureAwait(false);

        await _workers.WhenEmptyAsync(patience).ConfigureAwait(false);

        // Whoever still waits for its answer is taken as it is; that answer will change nothing any more.
        var waiting = await _workers.CancelAllAsync(limit).ConfigureAwait(false);
        await _workers.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
        {
            foreach (var entry in waiting.SelectMany(lane => lane.Events).Concat(_leased))
                _outbox.Release(entry, TimeSpan.Zero);
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
            foreach (var entry in expired)
                _tracker.TryEnd(entry, _outbox, EventState.Expired, null, _messages.Expired);
            expired.Clear();

            LeaseAndStartWorkers();
        }
    }

    /// <summary>Leases what can be sent, and starts the lanes that send it.</summary>
    private void LeaseAndStartWorkers()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;

            var width = _gate.AllowedConcurrency(_options.MaxInFlight);
            if (width > 0 && _leased.Count < _options.MaxInFlight)
            {
                _leasing.Clear();
                if (_gate.IsOpen)
                    _outbox.Lease(_app, Math.Max(_options.BatchSizeLimit, _options.MaxInFlight), _leasing);
                else if (_leased.Count == 0)
                    _outbox.LeaseProbe(_app, _leasing);
                foreach (var entry in _leasing)
                    _leased.Enqueue(entry);
            }

            var wanted = Math.Min(width, (_leased.Count + InAppEventApi.EventsPerRequest - 1) / InAppEventApi.EventsPerRequest);
            for (var open = _workers.Count; open < wanted; open++)
            {
                var lane = _workers.Open();
                _ = Task.Run(() => RunWorkerAsync(lane));
            }

            SetTimer(width);
        }
    }

    private void SetTimer(int width)
    {
        var next = _outbox.NextChange(_app);
        if (width == 0 && (next is not null || _leased.Count > 0) && _gate.NextProbe() is { } probe && (next is null || probe < next))
            next = probe;

        var wait = next is not { } change ? Timeout.InfiniteTimeSpan : change > TimeSpan.Zero ? change : TimeSpan.Zero;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task RunWorkerAsync(RequestWorker lane)
    {
        _onSendingThread?.Invoke();
        while (TryTake(lane, out var cancellation))
        {
            await _api.SendAsync(lane.Events, lane.Outcomes, cancellation).ConfigureAwait(false);
            lane.End();
            ProcessOutcomes(lane);
        }
    }

    /// <summary>Gives a lane its next request, or ends it.</summary>
    private bool TryTake(RequestWorker lane, out CancellationToken cancellation)
    {
        lock (_lock)
        {
            lane.Events.Clear();
            if (!_isStopped && _leased.Count > 0 && _gate.TryPass(out var pass))
            {
                while (lane.Events.Count < InAppEventApi.EventsPerRequest && _leased.TryDequeue(out var entry))
                    lane.Events.Add(entry);
                cancellation = lane.Start(pass, _options.TimeProvider.GetTimestamp());
                if (_leased.Count < _options.MaxInFlight / 2)
                    Wake();
                return true;
            }

            _workers.Close(lane);
            Wake();
            cancellation = default;
            return false;
        }
    }

    private void ProcessOutcomes(RequestWorker lane)
    {
        for (var i = 0; i < lane.Events.Count; i++)
        {
            var (entry, outcome) = (lane.Events[i], lane.Outcomes[i]);
            switch (outcome.Kind)
            {
                case SendOutcomeKind.Delivered:
                    _tracker.TryEnd(entry, _outbox, EventState.Delivered, null, null);
                    OnGateChange(_gate.Succeed(), outcome);
                    break;
                case SendOutcomeKind.Rejected:
                    Reject(entry, outcome);
                    OnGateChange(_gate.Succeed(), outcome);
                    break;
                default:
                    if (!TryReturnToOutbox(entry))
                        Retry(entry, outcome, lane.Pass);
                    break;
            }
        }
    }

    // A method of its own, so that its closure costs only those events that are rejected.
    private void Reject(QueuedEvent entry, SendOutcome outcome) =>
        _tracker.TryEnd(
            entry, _outbox, EventState.Rejected, outcome.Reason, e => _messages.Rejected(e, outcome), outcome.Answer);

    /// <summary>Takes back what closing broke off: no failure of the endpoint's, and no retry.</summary>
    private bool TryReturnToOutbox(QueuedEvent entry)
    {
        lock (_lock)
        {
            if (!_isStopped)
                return false;
        }

        _outbox.Release(entry, TimeSpan.Zero);
        return true;
    }

    private void Retry(QueuedEvent entry, SendOutcome outcome, int pass)
    {
        entry.Ledger.Retry(outcome.Reason);
        entry.Attempts++;
        var delay = outcome.Kind == SendOutcomeKind.Misconfigured
            ? TimeSpan.Zero
            : outcome.RetryAfter ?? Backoff.ForEvent(entry.Attempts);
        if (_isDraining && delay > MaxDrainingRetryDelay)
            delay = MaxDrainingRetryDelay;
        _outbox.Release(entry, delay);
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
            // What was leased goes back to where its time limit is watched.
            lock (_lock)
            {
                while (_leased.TryDequeue(out var entry))
                    _outbox.Release(entry, TimeSpan.Zero);
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
