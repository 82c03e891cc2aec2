using Metrix.Client.Tracking;

namespace Metrix.Client.Delivery;

/// <summary>
/// Holds the workers of one dispatcher and enforces the time limit of their requests. One timer checks all of them at
/// an eighth of the limit; a timer for each request would cost more than the rest of the dispatcher.
/// </summary>
internal sealed class RequestWorkerPool : IDisposable
{
    private const int ChecksPerTimeout = 8;

    private readonly TimeProvider _clock;
    private readonly long _requestTimeoutTicks;
    private readonly TimeSpan _checkInterval;
    private readonly ITimer _checkTimer;
    private readonly object _lock = new();
    private readonly HashSet<RequestWorker> _workers = [];
    private TaskCompletionSource? _empty;

    public RequestWorkerPool(MetrixOptions options)
    {
        _clock = options.TimeProvider;
        _requestTimeoutTicks = (long)(options.RequestTimeout.TotalSeconds * _clock.TimestampFrequency);
        _checkInterval = TimeSpan.FromMilliseconds(
            Math.Max(1, options.RequestTimeout.TotalMilliseconds / ChecksPerTimeout));
        _checkTimer = _clock.CreateTimer(
            _ => CancelOverdue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _workers.Count;
            }
        }
    }

    public RequestWorker Open()
    {
        var worker = new RequestWorker();
        lock (_lock)
        {
            _workers.Add(worker);
            if (_workers.Count == 1)
                _checkTimer.Change(_checkInterval, _checkInterval);
        }

        return worker;
    }

    public void Close(RequestWorker worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
            if (_workers.Count == 0)
            {
                _checkTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>Cancels the requests whose events have all ended.</summary>
    public void CancelEnded()
    {
        lock (_lock)
        {
            foreach (var worker in _workers)
                worker.CancelIfEnded();
        }
    }

    /// <summary>
    /// Blocks until every worker has ended, up to a limit. No more workers may be opened. It needs no thread of the
    /// pool, where the workers run.
    /// </summary>
    public void WaitUntilEmpty(TimeSpan limit)
    {
        Task empty;
        lock (_lock)
        {
            _empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_workers.Count == 0)
                _empty.TrySetResult();
            empty = _empty.Task;
        }

        BlockingWait.Wait(empty, limit, _clock);
    }

    /// <summary>
    /// Cancels every request and waits until the workers have seen that, up to a limit. A handler may be anyone's code
    /// and ignore the cancellation.
    /// </summary>
    /// <returns>The workers that did not end.</returns>
    public IReadOnlyCollection<RequestWorker> CancelAll(TimeSpan limit)
    {
        lock (_lock)
        {
            foreach (var worker in _workers)
                worker.CancelIfStartedBy(long.MaxValue);
        }

        WaitUntilEmpty(limit);
        lock (_lock)
        {
            return [.. _workers];
        }
    }

    public void Dispose() => _checkTimer.Dispose();

    private void CancelOverdue()
    {
        var startedBy = _clock.GetTimestamp() - _requestTimeoutTicks;
        lock (_lock)
        {
            foreach (var worker in _workers)
                worker.CancelIfStartedBy(startedBy);
        }
    }
}
