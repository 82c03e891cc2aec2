using Metrix.Client.Outbox;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// Sends one request after another. A worker lives as long as there are events to send, so that an event costs no task,
/// timer or list.
/// </summary>
internal sealed class RequestWorker
{
    private readonly object _lock = new();
    private CancellationTokenSource _cancellation = new();
    private long _startedAt;
    private bool _isBusy;

    /// <summary>Gets the events of the current request. Used by the worker's task only.</summary>
    public List<QueuedEvent> Events { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>Gets the bodies of <see cref="Events"/>, in their order. Used by the worker's task only.</summary>
    public List<byte[]> Bodies { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>Gets the outcomes of <see cref="Events"/>, in their order. Used by the worker's task only.</summary>
    public List<SendOutcome> Outcomes { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>Gets the gate's pass of the current request.</summary>
    public int Pass { get; private set; }

    /// <summary>Starts a request.</summary>
    /// <returns>The token that cancels it.</returns>
    public CancellationToken Start(int pass, long now)
    {
        lock (_lock)
        {
            if (_cancellation.IsCancellationRequested)
                _cancellation = new CancellationTokenSource();
            Pass = pass;
            _startedAt = now;
            _isBusy = true;
            return _cancellation.Token;
        }
    }

    /// <summary>Ends the request, which can no longer be canceled.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isBusy = false;
        }
    }

    /// <summary>Cancels the request if it started at a time or earlier. Its task sees that on another thread.</summary>
    public void CancelIfStartedBy(long time)
    {
        lock (_lock)
        {
            if (_isBusy && _startedAt <= time)
                _ = _cancellation.CancelAsync();
        }
    }
}
