using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Http;

/// <summary>Writes the emulator's own answers: small JSON objects.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>The body of the answer to an accepted event.</summary>
    public const string Accepted = """{"status":"ok"}""";

    /// <summary>
    /// Keeps letters of every script and quotes readable. It does not escape <c>&lt;script&gt;</c> either, which is
    /// safe only in JSON that no browser may interpret as a page. Therefore all answers with it also send nosniff.
    /// </summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] AcceptedBytes = Encoding.UTF8.GetBytes(Accepted);

    public static Task AcceptAsync(this HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, AcceptedBytes);

    public static Task RejectAsync(this HttpContext context, Problem problem) =>
        WriteAsync(context, problem.Status, Encode(problem));

    /// <summary>Returns the body of the answer that describes the problem.</summary>
    public static string Describe(Problem problem) => Encoding.UTF8.GetString(Encode(problem).Span);

    /// <summary>
    /// Answers 200 with the JSON that the delegate writes. Use it for short answers only: all of it is buffered.
    /// </summary>
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

    private static ReadOnlyMemory<byte> Encode(Problem problem)
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
}
