using System.Net;
using Metrix.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Hosting;

/// <summary>
/// Keeps web pages of other sites, open in a browser on this machine, away from the page and the API.
/// </summary>
internal sealed class CrossSiteGuard(IPAddress listensOn)
{
    // On any other address, the emulator is public by choice and may have a host name.
    private readonly bool _isLocal = IPAddress.IsLoopback(listensOn);

    public Problem? Check(HttpRequest request)
    {
        if (!IsOwnHost(request.Host)) return new(403, "the Host is neither localhost nor an IP address", "Host");
        return IsOwnOrigin(request)
            ? null
            : new(403, "the Origin is another site; only the emulator's own page may send this request", "Origin");
    }

    // Prevents DNS rebinding: evil.example can resolve its own name to 127.0.0.1, and its page can then read what
    // listens there as its own origin. Those requests still carry evil.example in Host.
    private bool IsOwnHost(HostString host) =>
        !_isLocal || !host.HasValue || IPAddress.TryParse(host.Host, out _) ||
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    // A browser lets any page send requests whose answers the page cannot read. It then sends the page's origin.
    // Scripts and programs do not send an origin.
    private static bool IsOwnOrigin(HttpRequest request) => request.Headers.Origin.All(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) &&
        string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
