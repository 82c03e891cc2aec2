using Metrix.Client.Outbox;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// One request after another: what the next one carries, what became of the last, and their timeout. A lane lives for as
/// long as there is something to send, so an event costs it no task, timer or list.
/// </summary>
internal sealed class Lane(TimeSpan requestTimeout, TimeProvider clock)
{
    private CancellationTokenSource? _timeout;

    public List<OutboxEntry> Events { get; } = new(InAppEventApi.EventsPerRequest);

    public List<Outcome> Outcomes { get; } = new(InAppEventApi.EventsPerRequest);

    /// <summary>The gate's pass of the request under way.</summary>
    public int Pass { get; set; }

    public CancellationToken Timeout => _timeout!.Token;

    /// <summary>Starts the time of the next request. Called under the dispatcher's lock, as is <see cref="Cancel"/>.</summary>
    public void Arm()
    {
        if (_timeout is not null && _timeout.TryReset())
        {
            _timeout.CancelAfter(requestTimeout);
            return;
        }

        _timeout?.Dispose();
        _timeout = new CancellationTokenSource(requestTimeout, clock);
    }

    /// <summary>Breaks the request off; its end is seen on another thread.</summary>
    public void Cancel() => _ = _timeout?.CancelAsync();

    public void Retire()
    {
        // One that was cancelled may still be calling back.
        if (_timeout is { IsCancellationRequested: false })
            _timeout.Dispose();
    }
}
