using System.Net;

namespace Metrix.Emulator;

/// <summary>Represents a request as received.</summary>
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
        bool isBodyTruncated,
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
        IsBodyTruncated = isBodyTruncated;
        Protocol = protocol;
        ConnectionId = connectionId;
    }

    /// <summary>Gets the time, in UTC, at which the body had been read.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>
    /// Gets the app id, unescaped from the path. Empty if the path is not <c>/inappevent/{appId}</c>.
    /// </summary>
    public string AppId { get; }

    /// <summary>Gets the raw request target of the request line: escaped, and with the query.</summary>
    public string Path { get; }

    /// <summary>Gets the client's address. An IPv4-mapped IPv6 address is converted to IPv4.</summary>
    public IPAddress RemoteAddress { get; }

    /// <summary>
    /// Gets the headers, one entry per value. Values are as received, including the dev-key in <c>Authorization</c>.
    /// The server does not preserve the case of well-known names, nor the order of headers with different names.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Gets the bytes of the body as received. A longer body is truncated to its first 64 KiB.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the protocol of the request, such as <c>HTTP/1.1</c>.</summary>
    public string Protocol { get; }

    /// <summary>Gets the id of the connection. Requests on the same connection have the same id.</summary>
    public string ConnectionId { get; }

    /// <summary>Gets the method as received.</summary>
    internal string Method { get; }

    /// <summary>
    /// Gets or sets the number of the request in order of arrival, from 1. The store assigns it before any other code
    /// can see the request.
    /// </summary>
    internal long Id { get; set; }

    /// <summary>
    /// Gets or sets the answer that replaces the emulator's own. It is set before the request is stored.
    /// </summary>
    internal EmulatorResponse? Answer { get; set; }

    /// <summary>Gets whether the body was longer than <see cref="Body"/>.</summary>
    internal bool IsBodyTruncated { get; }

    /// <summary>Returns the values of a header. The case of the name is ignored.</summary>
    internal IEnumerable<string> HeaderValues(string name) =>
        from header in Headers
        where string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)
        select header.Value;
}
