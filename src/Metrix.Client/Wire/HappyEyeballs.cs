using System.Net;
using System.Net.Sockets;

namespace Metrix.Client.Wire;

/// <summary>
/// Connects to a host by the fastest of its addresses (Happy Eyeballs, RFC 8305). .NET itself tries them one after the
/// other, so that one address without an answer costs the whole time limit of a request.
/// </summary>
/// <param name="clock">The clock that measures <see cref="AttemptDelay"/>.</param>
/// <param name="resolve">Returns the addresses of a host name, best first.</param>
/// <param name="connect">Connects to one address and port.</param>
internal sealed class HappyEyeballs(
    TimeProvider clock,
    Func<string, CancellationToken, Task<IPAddress[]>> resolve,
    Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>How long an attempt runs alone before the next address is tried (RFC 8305, section 5).</summary>
    public static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    public static HappyEyeballs Create(TimeProvider clock) => new(clock, Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>Returns a stream that is connected to the host, which the caller disposes.</summary>
    /// <exception cref="SocketException">The name cannot be resolved, or no address can be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : Interleave(await resolve(target.Host, cancellation).ConfigureAwait(false));
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);

        var running = new List<Task<Stream>>();
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await RaceAsync(addresses, target.Port, running, race.Token).ConfigureAwait(false);
        }
        finally
        {
            // Ends the losers, and the timer of the delay.
            await race.CancelAsync().ConfigureAwait(false);
            foreach (var loser in running)
                _ = DisposeAsync(loser);
        }
    }

    /// <summary>
    /// Alternates the address families, beginning with the family of the first address, and keeps the order within
    /// each family (RFC 8305, section 4).
    /// </summary>
    public static IReadOnlyList<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var preferred = addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily).ToList();
        var others = addresses.Where(a => a.AddressFamily != addresses[0].AddressFamily).ToList();
        var interleaved = new List<IPAddress>(addresses.Count);
        for (var i = 0; i < Math.Max(preferred.Count, others.Count); i++)
        {
            if (i < preferred.Count)
                interleaved.Add(preferred[i]);
            if (i < others.Count)
                interleaved.Add(others[i]);
        }

        return interleaved;
    }

    private async Task<Stream> RaceAsync(
        IReadOnlyList<IPAddress> addresses, int port, List<Task<Stream>> running, CancellationToken cancellation)
    {
        var failures = new List<Exception>();
        for (var next = 0; ;)
        {
            if (next < addresses.Count)
                running.Add(StartAsync(new IPEndPoint(addresses[next++], port), cancellation));

            // The delay is over when the next address is due, and never after the last address, except by cancellation.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var delay = Task.Delay(
                next < addresses.Count ? AttemptDelay : Timeout.InfiniteTimeSpan, clock, ended.Token);
            var first = await Task.WhenAny([.. running, delay]).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();

            // An attempt that failed makes the next address due at once. Others may have failed at the same time.
            while (first is Task<Stream> attempt)
            {
                running.Remove(attempt);
                if (attempt.IsCompletedSuccessfully)
                    return await attempt.ConfigureAwait(false);

                failures.Add(attempt.Exception?.InnerException ?? new TaskCanceledException(attempt));
                first = running.Find(task => task.IsCompleted);
            }

            if (running.Count == 0 && next == addresses.Count)
                throw MostTelling(failures);
        }
    }

    // A connector that throws before its first await must not end the race.
    private async Task<Stream> StartAsync(IPEndPoint target, CancellationToken cancellation) =>
        await connect(target, cancellation).ConfigureAwait(false);

    // Without a route for IPv6, the failure of the other address says more.
    private static Exception MostTelling(List<Exception> failures) =>
        failures.Find(failure => failure is not SocketException
        {
            SocketErrorCode: SocketError.NetworkUnreachable or SocketError.AddressNotAvailable
                or SocketError.AddressFamilyNotSupported,
        }) ?? failures[0];

    private static async Task<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellation)
    {
        // Without NoDelay, a small request may wait for the acknowledgment of the one before.
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task DisposeAsync(Task<Stream> loser)
    {
        try
        {
            await (await loser.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It lost by failing, or was canceled.
        }
    }
}
