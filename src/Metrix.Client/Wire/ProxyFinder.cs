using System.Globalization;
using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Finds the proxy through which a handler sends requests.
/// </summary>
internal static class ProxyFinder
{
    /// <summary>
    /// Returns whether an address is on this machine: <c>localhost</c> and its subdomains, <c>127.0.0.0/8</c> or
    /// <c>::1</c>. A proxy cannot reach it.
    /// </summary>
    public static bool IsLoopback(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.');
        return address.IsLoopback
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>
    /// Returns the proxy for an address as <c>scheme://host:port</c> without credentials, or null if there is none or
    /// the handler does not say.
    /// </summary>
    public static string? Find(HttpMessageHandler handler, Uri address)
    {
        try
        {
            return ProxyOf(handler) is { } proxy && !proxy.IsBypassed(address) && proxy.GetProxy(address) is { } found
                ? Describe(found)
                : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A proxy may be anyone's code. Its name is only part of a message.
            return null;
        }
    }

    private static IWebProxy? ProxyOf(HttpMessageHandler handler) => handler switch
    {
        SocketsHttpHandler { UseProxy: true } sockets => sockets.Proxy ?? HttpClient.DefaultProxy,
        HttpClientHandler { UseProxy: true } client => client.Proxy ?? HttpClient.DefaultProxy,
        DelegatingHandler { InnerHandler: { } inner } => ProxyOf(inner),
        _ => null,
    };

    private static string Describe(Uri proxy) => proxy.Port < 0
        ? $"{proxy.Scheme}://{proxy.Host}"
        : string.Create(CultureInfo.InvariantCulture, $"{proxy.Scheme}://{proxy.Host}:{proxy.Port}");
}
