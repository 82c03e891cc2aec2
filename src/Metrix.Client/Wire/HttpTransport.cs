using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// The connections to the vendor. They are made with the first request, on the thread that sends it: so nothing of the
/// application's own context is caught in them.
/// </summary>
internal sealed class HttpTransport(MetrixOptions options) : IDisposable
{
    private readonly object _lock = new();
    private readonly Func<HttpMessageHandler> _createHandler =
        options.HttpMessageHandlerFactory ?? (() => CreateHandler(options.MaxInFlight * Math.Max(1, options.Apps.Count)));

    private HttpMessageInvoker? _invoker;
    private bool _isDisposed;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        Invoker().SendAsync(request, cancellation);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _invoker?.Dispose();
        }
    }

    private HttpMessageInvoker Invoker()
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

    // Not IHttpClientFactory's: that one logs through the very logger that this library serves.
    private static SocketsHttpHandler CreateHandler(int maxConnections) => new()
    {
        // A redirect would carry the key elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,

        // For each app as many as it may use: one whose requests hang keeps no other waiting.
        MaxConnectionsPerServer = maxConnections,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // What is left of an answer is read this far, to keep the connection; beyond it the connection is dropped.
        MaxResponseDrainSize = 4 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(2),

        // Without a propagator the handler makes no activity and sends no traceparent.
        ActivityHeadersPropagator = null,
    };
}
