using System.Net;

namespace Metrix.Emulator.Http;

/// <summary>Normalizes client addresses.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Converts an IPv4-mapped IPv6 address to IPv4. A dual-stack socket reports IPv4 clients in the mapped form, but
    /// allow lists contain the IPv4 form.
    /// </summary>
    public static IPAddress Normalize(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
