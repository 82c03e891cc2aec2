using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>The emulator's own answers: small JSON objects.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>
    /// Leaves letters of every script and quotes readable. It leaves <c>&lt;script&gt;</c> too, which is safe in JSON
    /// that no browser may take for a page: hence nosniff wherever text is shown.
    /// </summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] Ok = """{"status":"ok"}"""u8.ToArray();

    public static Task AcceptAsync(this HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, Ok);

    public static Task RefuseAsync(this HttpContext context, Problem problem)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("error"u8, problem.Reason);
            if (problem.Field is not null) json.WriteString("field"u8, problem.Field);
            json.WriteEndObject();
        }

        return WriteAsync(context, problem.Status, buffer.WrittenMemory);
    }

    private static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = json.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }
}
