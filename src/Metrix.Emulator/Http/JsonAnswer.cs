using System.Buffers;
using System.Text;
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

    /// <summary>The body of the answer to an event that is taken.</summary>
    public const string Ok = """{"status":"ok"}""";

    private static readonly byte[] OkBytes = Encoding.UTF8.GetBytes(Ok);

    public static Task AcceptAsync(this HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, OkBytes);

    public static Task RefuseAsync(this HttpContext context, Problem problem) =>
        WriteAsync(context, problem.Status, Bytes(problem));

    /// <summary>The body of the answer that tells this problem.</summary>
    public static string Text(Problem problem) => Encoding.UTF8.GetString(Bytes(problem).Span);

    private static ReadOnlyMemory<byte> Bytes(Problem problem)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("error"u8, problem.Reason);
            if (problem.Field is not null) json.WriteString("field"u8, problem.Field);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Answers 200 with what is written: something short, as all of it is held in memory.</summary>
    public static Task WriteAsync(this HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Readable)) write(json);
        return WriteAsync(context, StatusCodes.Status200OK, buffer.WrittenMemory);
    }

    public static async Task WriteAsync(this HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = json.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }
}
