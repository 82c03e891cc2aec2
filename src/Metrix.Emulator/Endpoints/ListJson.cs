using System.Globalization;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Writes a log, or its newest items, as a JSON array.</summary>
internal static class ListJson
{
    private const int FlushBytes = 32 * 1024;

    public static Task SendAsync<T>(HttpContext context, LogSnapshot<T> log, Action<Utf8JsonWriter, T> write)
    {
        if (!TryReadLimit(context.Request, out var limit, out var problem)) return context.RejectAsync(problem!);
        return WriteAsync(context, log, limit is { } newest ? Math.Max(0, log.Items.Count - newest) : 0, write);
    }

    /// <summary>
    /// Reads the limit of the query, if it has one. Returns <see langword="false"/> and sets the problem if the limit
    /// is not a number.
    /// </summary>
    public static bool TryReadLimit(HttpRequest request, out int? limit, out Problem? problem)
    {
        (limit, problem) = (null, null);
        if (!request.Query.TryGetValue("limit", out var text)) return true;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            limit = number;
        else
            problem = new Problem(400, "limit is not a number; it sets how many of the newest items to list", "limit");
        return problem is null;
    }

    // Flushed repeatedly: a full store is far larger than the memory that one answer should use.
    private static async Task WriteAsync<T>(
        HttpContext context, LogSnapshot<T> log, int first, Action<Utf8JsonWriter, T> write)
    {
        context.Response.ContentType = JsonAnswer.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.Readable);
        var flushed = 0L;
        json.WriteStartArray();
        for (var index = first; index < log.Items.Count; index++)
        {
            write(json, log.Items[index]);
            if (json.BytesCommitted + json.BytesPending - flushed < FlushBytes) continue;

            json.Flush();
            flushed = json.BytesCommitted;
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        json.WriteEndArray();
    }
}
