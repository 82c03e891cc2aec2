using Metrix.Client.Outbox;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// One request after another: what the next one carries, what became of the last, and how to break one off. A lane lives
/// for as long as there is something to send, so an event costs it no task, timer or list.
/// </summary>
internal sealed class RequestWorker
{
    private readonly object _lock = new();
    private CancellationTokenSource _cancellation = new();
    private long _startedAt;
    private bool _isUnderWay;

    public List<QueuedEvent> Events { get; } = new(InAppEventApi.EventsPerRequest);

    public List<SendOutcome> Outcomes { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>The gate's pass of the request under way.</summary>
    public int Pass { get; private set; }

    /// <summary>Begins a request.</summary>
    /// <returns>What breaks it off.</returns>
    public CancellationToken Start(int pass, long now)
    {
        lock (_lock)
        {
            if (_cancellation.IsCancellationRequested)
                _cancellation = new CancellationTokenSource();
            Pass = pass;
            _startedAt = now;
            _isUnderWay = true;
            return _cancellation.Token;
        }
    }

    /// <summary>The request has ended, and can be broken off no more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isUnderWay = false;
        }
    }

    /// <summary>Breaks off a request that began at a time or before it; its end is seen on another thread.</summary>
    public void CancelIfStartedBy(long time)
    {
        lock (_lock)
        {
            if (_isUnderWay && _startedAt <= time)
                _ = _cancellation.CancelAsync();
        }
    }
}
