using System.Text.Json;
using System.Text.Unicode;
using Metrix.Emulator.Http;
using Microsoft.Net.Http.Headers;

namespace Metrix.Emulator.Validation;

/// <summary>Checks the form of a body before its fields: its size, its Content-Type and its encoding.</summary>
internal static class ContentRules
{
    /// <summary>Far above the size of any event, and low enough to notice a client that sends megabytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static Problem? Check(EmulatorRequest request)
    {
        if (request.IsBodyTruncated) return BadBody($"the body is longer than {MaxBodyBytes} bytes");
        if (CheckContentType(request) is { } problem) return problem;

        var body = request.Body.Span;
        if (body.IsEmpty) return BadBody("the body is empty; send one JSON object");
        // RFC 8259, section 8.1: a sender must not add one, and a receiver may reject it.
        if (body.StartsWith(ByteOrderMark))
            return BadBody("the body begins with a byte order mark; send UTF-8 without it");
        // The JSON reader checks the bytes of a string only when it decodes the string, which is too late for a reason.
        return Utf8.IsValid(body) ? null : BadBody("the body is not valid UTF-8");
    }

    /// <summary>
    /// Parses the body as JSON. Returns <see langword="null"/> and sets the problem if it is not JSON.
    /// </summary>
    public static JsonDocument? Parse(EmulatorRequest request, out Problem? problem)
    {
        problem = null;
        try
        {
            return JsonDocument.Parse(request.Body);
        }
        catch (JsonException notJson)
        {
            problem = BadBody($"the body is not JSON: {notJson.Message}");
            return null;
        }
    }

    private static Problem? CheckContentType(EmulatorRequest request)
    {
        var values = request.HeaderValues(HeaderNames.ContentType).ToArray();
        if (values.Length == 0) return BadType("the Content-Type header is missing; send application/json");
        if (!MediaTypeHeaderValue.TryParse(values[0], out var type) ||
            !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return BadType($"the Content-Type is {values[0]}; it must be application/json");

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : BadType($"the charset is {charset}; it must be utf-8");
    }

    private static Problem BadBody(string reason) => new(400, reason);

    private static Problem BadType(string reason) => new(400, reason, HeaderNames.ContentType);
}
