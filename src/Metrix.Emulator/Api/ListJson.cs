using System.Globalization;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>Writes a log, or the newest of it, as a JSON array.</summary>
internal static class ListJson
{
    private const int FlushBytes = 32 * 1024;

    public static Task ListAsync<T>(HttpContext context, LogSnapshot<T> log, Action<Utf8JsonWriter, T> write)
    {
        if (!TryReadLimit(context.Request, out var limit, out var problem)) return context.RefuseAsync(problem!);
        return WriteAsync(context, log, limit is { } newest ? Math.Max(0, log.Items.Count - newest) : 0, write);
    }

    /// <summary>The query's limit, if it has one; false and the problem when it is no number.</summary>
    public static bool TryReadLimit(HttpRequest request, out int? limit, out Problem? problem)
    {
        (limit, problem) = (null, null);
        if (!request.Query.TryGetValue("limit", out var text)) return true;

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            limit = number;
        else
            problem = new Problem(400, "limit is not a number: so many of the newest are shown", "limit");
        return problem is null;
    }

    // Flushed as it goes: a full store is far larger than what should be held in memory for one answer.
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
