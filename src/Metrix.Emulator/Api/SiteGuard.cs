using System.Net;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>Keeps web pages from elsewhere, which run in the browser of this machine, away from the page and its API.</summary>
internal sealed class SiteGuard(IPAddress listensOn)
{
    // On another address the emulator is public by choice, and may well have a name.
    private readonly bool _isLocal = IPAddress.IsLoopback(listensOn);

    public Problem? Check(HttpRequest request)
    {
        if (!IsOwnName(request.Host)) return new(403, "the Host is neither localhost nor an IP address", "Host");
        return IsOwnPage(request) ? null : new(403, "the Origin is another site: only its own page may ask", "Origin");
    }

    // Against DNS rebinding: a page of evil.example can have its name resolve to 127.0.0.1 and then read, as its own
    // origin, what listens there. Its requests still carry its name in Host.
    private bool IsOwnName(HostString host) =>
        !_isLocal || !host.HasValue || IPAddress.TryParse(host.Host, out _) ||
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    // A browser lets any page send what it cannot read the answer to. It says then where the page is from; scripts and
    // programs say nothing.
    private static bool IsOwnPage(HttpRequest request) => request.Headers.Origin.All(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) &&
        string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
