namespace Metrix.Client.Tracking;

/// <summary>
/// Lets a flush wait for exactly the events that were accepted before it and have not ended, regardless of others.
/// </summary>
/// <remarks>
/// Thread-safe. Flushes complete after the lock was released: a continuation may be posted to the application's own
/// synchronization context. Every operation takes constant time, spread over all calls.
/// </remarks>
internal sealed class FlushTracker
{
    private static readonly Task<bool> Drained = Task.FromResult(true);

    private readonly object _lock = new();

    // Generations that a flush waits for, oldest first. They complete in this order.
    private readonly Queue<FlushGeneration> _flushed = new();

    // New events enter this one. No flush waits for it.
    private FlushGeneration _current = new(0);
    private FlushGeneration? _lastFlushed;

    // The latest flush that a lost event of any completed generation affects.
    private long _lostUpTo = -1;

    // An event that a flush waits for was lost since the last flush began. The next flush must not share its result.
    private bool _hasLossSinceFlush;

    /// <summary>Counts an event in.</summary>
    /// <returns>The generation to pass to <see cref="Leave"/>.</returns>
    public FlushGeneration Enter()
    {
        lock (_lock)
        {
            _current.Pending++;
            return _current;
        }
    }

    /// <summary>Counts events out.</summary>
    /// <param name="generation">The generation that <see cref="Enter"/> returned for the events.</param>
    /// <param name="isLost">Whether the events end without a known outcome.</param>
    /// <param name="count">The number of events. Default 1.</param>
    public void Leave(FlushGeneration? generation, bool isLost = false, int count = 1)
    {
        if (generation is null)
            return;

        List<(TaskCompletionSource<bool> Flush, bool IsComplete)>? completed;
        lock (_lock)
        {
            // A flush that begins after the loss does not wait for the event, so its result does not cover it.
            if (isLost && generation != _current)
            {
                generation.LostUpTo = _lastFlushed!.Number;
                _hasLossSinceFlush = true;
            }

            generation.Pending -= count;
            completed = TakeDrained_NeedsLock();
        }

        if (completed is null)
            return;

        foreach (var (flush, isComplete) in completed)
            flush.TrySetResult(isComplete);
    }

    /// <summary>
    /// Returns a task that completes when every event that entered before this call has left. Its result is false if
    /// one of these events is lost after this call. A loss before the call does not count.
    /// </summary>
    public Task<bool> WhenDrained()
    {
        lock (_lock)
        {
            if (_current.Pending == 0)
            {
                if (_flushed.Count == 0)
                    return Drained;
                if (!_hasLossSinceFlush)
                    return _lastFlushed!.Flush!.Task;
            }

            var ended = _current;
            _current = new FlushGeneration(ended.Number + 1);
            ended.Flush = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushed.Enqueue(ended);
            _lastFlushed = ended;
            _hasLossSinceFlush = false;
            return ended.Flush.Task;
        }
    }

    private List<(TaskCompletionSource<bool> Flush, bool IsComplete)>? TakeDrained_NeedsLock()
    {
        List<(TaskCompletionSource<bool>, bool)>? drained = null;
        while (_flushed.TryPeek(out var oldest) && oldest.Pending == 0)
        {
            _flushed.Dequeue();
            _lostUpTo = Math.Max(_lostUpTo, oldest.LostUpTo);
            (drained ??= []).Add((oldest.Flush!, _lostUpTo < oldest.Number));
        }

        return drained;
    }
}
