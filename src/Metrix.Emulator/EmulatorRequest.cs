using System.Net;

namespace Metrix.Emulator;

/// <summary>A request as it came over the wire.</summary>
public sealed class EmulatorRequest
{
    internal EmulatorRequest(
        DateTimeOffset receivedAt,
        string appId,
        string method,
        string path,
        IPAddress remoteAddress,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        ReadOnlyMemory<byte> body,
        bool isBodyCutShort,
        string protocol,
        string connectionId)
    {
        ReceivedAt = receivedAt;
        AppId = appId;
        Method = method;
        Path = path;
        RemoteAddress = remoteAddress;
        Headers = headers;
        Body = body;
        IsBodyCutShort = isBodyCutShort;
        Protocol = protocol;
        ConnectionId = connectionId;
    }

    /// <summary>When its body had been read, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The app id, unescaped from the path; empty when the path is not that of an event.</summary>
    public string AppId { get; }

    /// <summary>The request target as it stood in the request line: nothing unescaped, a query included.</summary>
    public string Path { get; }

    /// <summary>The client's address; an IPv4-mapped IPv6 address is given as IPv4.</summary>
    public IPAddress RemoteAddress { get; }

    /// <summary>
    /// Every header, one entry a value. Values are as they came, <c>Authorization</c> with its dev-key included. The
    /// server does not keep the case of well-known names, nor the order of headers with different names.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The bytes of the body exactly as they came; only the first 64 KiB of a longer one.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The protocol of the request, such as <c>HTTP/1.1</c>.</summary>
    public string Protocol { get; }

    /// <summary>Names the connection: requests that came over one connection have the same.</summary>
    public string ConnectionId { get; }

    /// <summary>The method as it came.</summary>
    internal string Method { get; }

    /// <summary>Its number in order of arrival, from 1; given by the store before anyone else sees the request.</summary>
    internal long Id { get; set; }

    /// <summary>What it was answered instead of the emulator's own answer; set before the store has it.</summary>
    internal EmulatorResponse? Answer { get; set; }

    /// <summary>Whether the body went on after the bytes in <see cref="Body"/>.</summary>
    internal bool IsBodyCutShort { get; }

    /// <summary>The values of a header, whatever the case of its name.</summary>
    internal IEnumerable<string> HeaderValues(string name) =>
        from header in Headers
        where string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)
        select header.Value;
}
