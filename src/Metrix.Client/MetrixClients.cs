namespace Metrix.Client;

/// <summary>
/// Flushes all clients of the process, regardless of who created them: an application, a logger or a telemetry
/// provider.
/// </summary>
public static class MetrixClients
{
    /// <summary>
    /// Waits until the outcome of every event that was emitted before this call is known, and closes nothing. Call it
    /// at the end of each invocation on hosts that freeze the process in between, such as serverless functions.
    /// </summary>
    /// <remarks>
    /// Each client waits for at most its <see cref="MetrixOptions.FlushTimeout"/>. Events that wait in the periodic
    /// batch of a logger are included. Events that other sinks or processors hold back, such as an asynchronous
    /// wrapper, are not.
    /// </remarks>
    /// <param name="cancellationToken">Ends the wait. The events stay queued and are delivered later.</param>
    /// <returns>True if each of these events was delivered, rejected or expired; false if one was lost meanwhile, or if
    /// the time limit of a client was reached.</returns>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<bool> FlushAllAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var flushes = ClientRegistry.All.Select(client => client.FlushAsync(cancellationToken)).ToArray();
        var results = await Task.WhenAll(flushes).ConfigureAwait(false);
        return Array.TrueForAll(results, isComplete => isComplete);
    }
}
