using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Metrix.Emulator.Validation;

/// <summary>What a body must be before its fields are looked at: short, declared as JSON, UTF-8.</summary>
internal static class ContentRules
{
    /// <summary>Far above what an event needs, low enough that a client that sends megabytes is noticed.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static Problem? Check(EmulatorRequest request)
    {
        if (request.IsBodyCutShort) return Bad($"the body is longer than {MaxBodyBytes} bytes");
        if (ContentType(request) is { } problem) return problem;

        var body = request.Body.Span;
        if (body.IsEmpty) return Bad("the body is empty: it is one JSON object");
        // RFC 8259, section 8.1: a sender must not add one, and a receiver may refuse it.
        if (body.StartsWith(ByteOrderMark)) return Bad("the body begins with a byte order mark: send UTF-8 without it");
        // The JSON reader looks at the bytes of a string only when it is decoded: too late to say what is wrong.
        return Utf8.IsValid(body) ? null : Bad("the body is not valid UTF-8");
    }

    /// <summary>The body as JSON; <see langword="null"/> and the problem when it is none.</summary>
    public static JsonDocument? Parse(EmulatorRequest request, out Problem? problem)
    {
        problem = null;
        try
        {
            return JsonDocument.Parse(request.Body);
        }
        catch (JsonException notJson)
        {
            problem = Bad($"the body is not JSON: {notJson.Message}");
            return null;
        }
    }

    private static Problem? ContentType(EmulatorRequest request)
    {
        var values = request.HeaderValues(HeaderNames.ContentType).ToArray();
        if (values.Length == 0) return BadType("the Content-Type header is missing: it is application/json");
        if (!MediaTypeHeaderValue.TryParse(values[0], out var type) ||
            !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return BadType($"the Content-Type is {values[0]}: it must be application/json");

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : BadType($"the charset is {charset}: JSON is sent as UTF-8");
    }

    private static Problem Bad(string reason) => new(400, reason);

    private static Problem BadType(string reason) => new(400, reason, HeaderNames.ContentType);
}
