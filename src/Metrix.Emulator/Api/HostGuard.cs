using System.Net;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>
/// Against DNS rebinding: a page of evil.example can have its name resolve to 127.0.0.1 and then read, as its own
/// origin, what listens there. Its requests still carry its name in Host.
/// </summary>
internal sealed class HostGuard(IPAddress listensOn)
{
    // On another address the emulator is public by choice, and may well have a name.
    private readonly bool _isNeeded = IPAddress.IsLoopback(listensOn);

    public bool Allows(HostString host) =>
        !_isNeeded || !host.HasValue || IPAddress.TryParse(host.Host, out _) ||
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase);
}
