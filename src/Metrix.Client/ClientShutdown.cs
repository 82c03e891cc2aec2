using Metrix.Client.Apps;
using Metrix.Client.Delivery;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;

namespace Metrix.Client;

/// <summary>
/// Closes a client within a time limit: drains the outbox, stops delivery, and ends the events that are left.
/// </summary>
internal sealed class ClientShutdown(
    MetrixOptions options,
    EventTracker tracker,
    IOutbox outbox,
    IReadOnlyCollection<Dispatcher> dispatchers,
    AppDirectory apps,
    HttpTransport transport,
    Reporter reporter)
{
    private const string AbandonedMessage =
        "the event still waited when the time limit of closing was reached, and is lost";

    // The share of the limit, and the most of it, that is reserved for canceling running requests.
    private const int CancelShare = 20;
    private static readonly TimeSpan MaxCancelTimeout = TimeSpan.FromSeconds(0.5);

    private readonly object _lock = new();
    private Task<bool>? _closing;

    /// <summary>Closes the client once. Later calls wait for the first one.</summary>
    /// <param name="timeout">The time limit.</param>
    /// <param name="flush">Waits for the outcome of every accepted event, up to a limit.</param>
    /// <returns>True if the outcome of every event is known; false if events were abandoned or kept.</returns>
    public Task<bool> CloseAsync(TimeSpan timeout, Func<TimeSpan, Task> flush)
    {
        lock (_lock)
        {
            return _closing ??= CloseOnceAsync(timeout, flush);
        }
    }

    private async Task<bool> CloseOnceAsync(TimeSpan timeout, Func<TimeSpan, Task> flush)
    {
        tracker.Close();
        var startedAt = options.TimeProvider.GetTimestamp();
        var cancelTimeout = timeout / CancelShare < MaxCancelTimeout ? timeout / CancelShare : MaxCancelTimeout;
        await flush(timeout - cancelTimeout).ConfigureAwait(false);
        tracker.Stop();

        // A flush does not wait for events of an earlier process. Their running requests get the time that is left.
        var left = timeout - cancelTimeout - options.TimeProvider.GetElapsedTime(startedAt);
        var drainTimeout = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        foreach (var dispatcher in dispatchers)
            dispatcher.BeginStop();
        foreach (var dispatcher in dispatchers)
            dispatcher.EndStop(drainTimeout, cancelTimeout);

        var abandoned = await AbandonAsync(cancelTimeout).ConfigureAwait(false);
        if (abandoned > 0)
        {
            reporter.Report(
                "abandoned",
                () => $"the time limit of closing was reached, and {abandoned} events that still waited are lost");
        }

        reporter.Close();
        foreach (var ledger in apps.Ledgers)
            Instruments.Close(ledger);
        DisposeTransport();
        return abandoned == 0 && apps.Ledgers.All(ledger => ledger.Read().Kept == 0);
    }

    private async Task<int> AbandonAsync(TimeSpan limit)
    {
        var abandoned = 0;
        foreach (var queued in await outbox.CloseAsync(limit).ConfigureAwait(false))
        {
            if (queued.TryEnd(outbox, EventState.Abandoned, null, _ => AbandonedMessage))
                abandoned++;
        }

        return abandoned;
    }

    private void DisposeTransport()
    {
        try
        {
            transport.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The handler may be anyone's code. Everything else is done.
        }
    }
}
