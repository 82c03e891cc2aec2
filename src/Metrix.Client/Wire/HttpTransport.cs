using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Owns the connections to the vendor. They are created with the first request, on the thread that sends it, so that
/// they capture nothing of the application's own context.
/// </summary>
internal sealed class HttpTransport(MetrixOptions options) : IDisposable
{
    private readonly object _lock = new();
    private readonly Func<HttpMessageHandler> _createHandler =
        options.HttpMessageHandlerFactory ??
        (() => CreateHandler(options.MaxInFlight * Math.Max(1, options.Apps.Count)));

    private HttpMessageInvoker? _invoker;
    private bool _isDisposed;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        GetInvoker().SendAsync(request, cancellation);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _invoker?.Dispose();
        }
    }

    private HttpMessageInvoker GetInvoker()
    {
        if (Volatile.Read(ref _invoker) is { } invoker)
            return invoker;

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_invoker is null)
                Volatile.Write(ref _invoker, new HttpMessageInvoker(_createHandler()));
            return _invoker;
        }
    }

    // Not IHttpClientFactory: it logs through the logger that this library serves.
    private static SocketsHttpHandler CreateHandler(int maxConnections) => new()
    {
        // A redirect would send the key to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,

        // As many as each app may use, so that an app whose requests hang does not block the others.
        MaxConnectionsPerServer = maxConnections,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // The rest of an answer is read up to this limit to keep the connection. Beyond it, the connection is dropped.
        MaxResponseDrainSize = 4 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(2),

        // Without a propagator, the handler creates no activity and sends no traceparent.
        ActivityHeadersPropagator = null,
    };
}
