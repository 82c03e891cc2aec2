using System.Buffers;
using System.Net;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Takes a request off the wire, as it is.</summary>
internal static class RequestReader
{
    public static async Task<EmulatorRequest> ReadAsync(HttpContext context, RequestTarget target)
    {
        var (body, isCutShort) = await ReadBodyAsync(context).ConfigureAwait(false);
        return new EmulatorRequest(
            DateTimeOffset.UtcNow,
            target.AppId,
            context.Request.Method,
            target.Raw,
            EmulatorSettings.Plain(context.Connection.RemoteIpAddress ?? IPAddress.None),
            Headers(context.Request.Headers),
            body,
            isCutShort,
            context.Request.Protocol,
            context.Connection.Id);
    }

    // Stops at the first byte beyond the limit; what follows is the server's to drain, and is kept nowhere.
    private static async Task<(byte[] Body, bool IsCutShort)> ReadBodyAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            var buffer = result.Buffer;
            var isCutShort = buffer.Length > ContentRules.MaxBodyBytes;
            if (isCutShort || result.IsCompleted)
            {
                var body = buffer.Slice(0, Math.Min(buffer.Length, ContentRules.MaxBodyBytes)).ToArray();
                reader.AdvanceTo(buffer.End);
                return (body, isCutShort);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static KeyValuePair<string, string>[] Headers(IHeaderDictionary headers) =>
    [
        .. from header in headers
           from value in header.Value
           select KeyValuePair.Create(header.Key, value ?? ""),
    ];
}
