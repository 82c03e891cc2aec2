using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Owns the connections to the vendor. They are created with the first request, on the thread that sends it, so that
/// they capture nothing of the application's own context.
/// </summary>
internal sealed class HttpTransport(MetrixOptions options) : IDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly Func<HttpMessageHandler> _createHandler =
        options.HttpMessageHandlerFactory ?? (() => CreateHandler(options));

    private Connections? _connections;
    private bool _isDisposed;

    /// <summary>Gets whether the first successful answer must not be an HTML page.</summary>
    public bool DetectsCaptivePortal { get; } = options.DetectCaptivePortal;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        GetConnections().Invoker.SendAsync(request, cancellation);

    /// <summary>
    /// Returns the proxy for an address as <c>scheme://host:port</c> without credentials, or null if there is none.
    /// </summary>
    public string? FindProxy(Uri address) =>
        Volatile.Read(ref _connections) is { } connections ? ProxyFinder.Find(connections.Handler, address) : null;

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _connections?.Invoker.Dispose();
        }
    }

    private Connections GetConnections()
    {
        if (Volatile.Read(ref _connections) is { } connections)
            return connections;

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connections is null)
            {
                var handler = _createHandler();
                Volatile.Write(ref _connections, new Connections(handler, new HttpMessageInvoker(handler)));
            }

            return _connections;
        }
    }

    // Not IHttpClientFactory: it logs through the logger that this library serves.
    private static SocketsHttpHandler CreateHandler(MetrixOptions options)
    {
        var connector = HappyEyeballs.Create(options.TimeProvider);

        // A variable, because the analysis takes a constant of this size for a number of bytes.
        var maxHeaderKiB = 1024;
        return new()
        {
            // A redirect would send the key to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,

            // A proxy for this machine's own address would look for the server on the proxy's machine.
            UseProxy = !ProxyFinder.IsLoopback(options.Endpoint),

            // As many as each app may use, and one for a probe, so that an app whose requests hang does not block the
            // others.
            MaxConnectionsPerServer = (options.MaxInFlight + 1) * Math.Max(1, options.Apps.Count),
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, cancellation) => connector.ConnectAsync(context.DnsEndPoint, cancellation),

            // HTTP/2 sends all requests over one connection. If a firewall forgets it, only pings without an answer
            // show that. New requests would use it for minutes otherwise.
            KeepAlivePingDelay = PingInterval,
            KeepAlivePingTimeout = PingInterval,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,

            // An answer with long headers is an answer, and a retry would deliver the event twice.
            MaxResponseHeadersLength = maxHeaderKiB,

            // The rest of an answer is read up to this limit to keep the connection. Beyond it, the connection is
            // dropped.
            MaxResponseDrainSize = 4 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),

            // Without a propagator, the handler creates no activity and sends no traceparent.
            ActivityHeadersPropagator = null,
        };
    }

    private sealed record Connections(HttpMessageHandler Handler, HttpMessageInvoker Invoker);
}
