using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Reads a request without interpreting it.</summary>
internal static class RequestReader
{
    public static async Task<EmulatorRequest> ReadAsync(HttpContext context, RequestTarget target, int maxBodyBytes)
    {
        var (body, isTruncated) = await ReadBodyAsync(context, maxBodyBytes).ConfigureAwait(false);
        return new EmulatorRequest(
            TimeProvider.System.GetUtcNow(),
            target.AppId,
            context.Request.Method,
            target.Raw,
            ClientAddress.Normalize(context.Connection.RemoteIpAddress ?? IPAddress.None),
            ReadHeaders(context.Request.Headers),
            body,
            isTruncated,
            context.Request.Protocol,
            context.Connection.Id);
    }

    // Stops at the first byte beyond the limit. The server drains the rest, which is not kept.
    private static async Task<(byte[] Body, bool IsTruncated)> ReadBodyAsync(HttpContext context, int maxBytes)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            var buffer = result.Buffer;
            var isTruncated = buffer.Length > maxBytes;
            if (isTruncated || result.IsCompleted)
            {
                var body = buffer.Slice(0, Math.Min(buffer.Length, maxBytes)).ToArray();
                reader.AdvanceTo(buffer.End);
                return (body, isTruncated);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static KeyValuePair<string, string>[] ReadHeaders(IHeaderDictionary headers) =>
    [
        .. from header in headers
           from value in header.Value
           select KeyValuePair.Create(header.Key, value ?? ""),
    ];
}
