using System.Diagnostics.CodeAnalysis;
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
    private readonly List<QueuedEvent> _events = new(InAppEventApi.EventsPerRequest);
    private readonly List<byte[]> _bodies = new(InAppEventApi.EventsPerRequest);
    private CancellationTokenSource _cancellation = new();
    private int _handled;
    private long _startedAt;
    private bool _isBusy;

    /// <summary>Gets the bodies of the events of the current request. Used by the worker's task only.</summary>
    public IReadOnlyList<byte[]> Bodies => _bodies;

    /// <summary>Gets the outcomes of the events, in their order. Used by the worker's task only.</summary>
    public List<SendOutcome> Outcomes { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>Gets the gate's pass of the current request.</summary>
    public int Pass { get; private set; }

    /// <summary>
    /// Gets or sets whether the worker has asked for its first request. Guarded by the dispatcher's lock.
    /// </summary>
    public bool HasStarted { get; set; }

    /// <summary>Gets a copy of the events of the current request, or of the last one.</summary>
    public IReadOnlyList<QueuedEvent> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Gives the worker the events of its next request.</summary>
    /// <param name="leased">The leased events. The worker takes as many as a request carries.</param>
    /// <param name="pass">The gate's pass.</param>
    /// <param name="now">The time, by the client's clock.</param>
    /// <returns>The token that cancels the request.</returns>
    public CancellationToken Start(Queue<QueuedEvent> leased, int pass, long now)
    {
        lock (_lock)
        {
            _events.Clear();
            _bodies.Clear();
            _handled = 0;
            while (_events.Count < InAppEventApi.EventsPerRequest && leased.TryDequeue(out var queued))
            {
                _events.Add(queued);
                _bodies.Add(queued.Body);
            }

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

    /// <summary>
    /// Takes the next event whose outcome was not handled, to end it or to return it to the outbox.
    /// </summary>
    /// <param name="queued">The event.</param>
    /// <param name="index">Its index in the request.</param>
    public bool TryTake([MaybeNullWhen(false)] out QueuedEvent queued, out int index)
    {
        lock (_lock)
        {
            index = _handled;
            if (index == _events.Count)
            {
                queued = null;
                return false;
            }

            queued = _events[_handled++];
            return true;
        }
    }

    /// <summary>Cancels the request if all its events have ended.</summary>
    public void CancelIfEnded()
    {
        lock (_lock)
        {
            if (_isBusy && _events.TrueForAll(queued => queued.HasEnded))
                _ = _cancellation.CancelAsync();
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
