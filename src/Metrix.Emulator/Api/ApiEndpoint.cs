using System.Globalization;
using System.Text.Json;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>Shows what arrived to a person or a script at this machine.</summary>
internal sealed class ApiEndpoint(EventStore store, EventJson eventJson, HostGuard guard)
{
    private const int FlushBytes = 32 * 1024;

    private delegate void Write<in T>(Utf8JsonWriter json, long id, T item);

    public Task HandleAsync(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!guard.Allows(context.Request.Host))
            return context.RefuseAsync(new Problem(403, "the Host is neither localhost nor an IP address", "Host"));

        return (path, context.Request.Method) switch
        {
            ("/api/events", "GET") => ListAsync<ReceivedEvent>(context, store.Accepted, eventJson.Write),
            ("/api/events", "DELETE") => Clear(context),
            ("/api/events", _) => RefuseMethodAsync(context, "GET, DELETE"),
            ("/api/rejected", "GET") => ListAsync<RejectedRequest>(context, store.Rejected, eventJson.Write),
            ("/api/rejected", _) => RefuseMethodAsync(context, "GET"),
            _ => context.RefuseAsync(new Problem(404, "there is nothing at this path")),
        };
    }

    private Task Clear(HttpContext context)
    {
        store.Clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        var method = context.Request.Method;
        return context.RefuseAsync(new Problem(405, $"the method is {method}: this path takes {allowed}"));
    }

    private static Task ListAsync<T>(HttpContext context, LogSnapshot<T> log, Write<T> write)
    {
        if (!context.Request.Query.TryGetValue("limit", out var text)) return WriteAsync(context, log, 0, write);

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? WriteAsync(context, log, Math.Max(0, log.Items.Count - limit), write)
            : context.RefuseAsync(new Problem(400, "limit is not a number: so many of the newest are shown", "limit"));
    }

    // Flushed as it goes: a full store is far larger than what should be held in memory for one answer.
    private static async Task WriteAsync<T>(HttpContext context, LogSnapshot<T> log, int first, Write<T> write)
    {
        context.Response.ContentType = JsonAnswer.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswer.Readable);
        var flushed = 0L;
        json.WriteStartArray();
        for (var index = first; index < log.Items.Count; index++)
        {
            write(json, log.FirstId + index, log.Items[index]);
            if (json.BytesCommitted + json.BytesPending - flushed < FlushBytes) continue;

            json.Flush();
            flushed = json.BytesCommitted;
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        json.WriteEndArray();
    }
}
