namespace Metrix.Client.Delivery;

/// <summary>
/// The lanes of one dispatcher, and the limit on the time of their requests. One timer looks at all of them, an eighth of
/// the limit apart: one for each request would cost more than the rest of the dispatcher.
/// </summary>
internal sealed class RequestWorkerPool : IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _requestTimeout;
    private readonly TimeSpan _interval;
    private readonly ITimer _overdue;
    private readonly object _lock = new();
    private readonly HashSet<RequestWorker> _lanes = [];
    private TaskCompletionSource? _ended;

    public RequestWorkerPool(MetrixOptions options)
    {
        _clock = options.TimeProvider;
        _requestTimeout = (long)(options.RequestTimeout.TotalSeconds * _clock.TimestampFrequency);
        _interval = TimeSpan.FromMilliseconds(Math.Max(1, options.RequestTimeout.TotalMilliseconds / 8));
        _overdue = _clock.CreateTimer(_ => CancelOverdue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lanes.Count;
            }
        }
    }

    public RequestWorker Open()
    {
        var lane = new RequestWorker();
        lock (_lock)
        {
            _lanes.Add(lane);
            if (_lanes.Count == 1)
                _overdue.Change(_interval, _interval);
        }

        return lane;
    }

    public void Close(RequestWorker lane)
    {
        lock (_lock)
        {
            _lanes.Remove(lane);
            if (_lanes.Count == 0)
            {
                _overdue.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _ended?.TrySetResult();
            }
        }
    }

    /// <summary>Waits until every lane has ended, when no more are opened, but no longer than a limit.</summary>
    public async Task WhenEmptyAsync(TimeSpan limit)
    {
        Task ended;
        lock (_lock)
        {
            _ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lanes.Count == 0)
                _ended.TrySetResult();
            ended = _ended.Task;
        }

        if (!ended.IsCompleted && limit > TimeSpan.Zero)
            await Task.WhenAny(ended, Task.Delay(limit, _clock)).ConfigureAwait(false);
    }

    /// <summary>
    /// Breaks every request off, and waits until its lane has seen it, but no longer than a limit: a handler may be
    /// anybody's, and not hear of it.
    /// </summary>
    /// <returns>The lanes that did not end.</returns>
    public async Task<IReadOnlyCollection<RequestWorker>> CancelAllAsync(TimeSpan limit)
    {
        lock (_lock)
        {
            foreach (var lane in _lanes)
                lane.CancelIfStartedBy(long.MaxValue);
        }

        await WhenEmptyAsync(limit).ConfigureAwait(false);
        lock (_lock)
        {
            return [.. _lanes];
        }
    }

    public ValueTask DisposeAsync() => _overdue.DisposeAsync();

    private void CancelOverdue()
    {
        var time = _clock.GetTimestamp() - _requestTimeout;
        lock (_lock)
        {
            foreach (var lane in _lanes)
                lane.CancelIfStartedBy(time);
        }
    }
}
