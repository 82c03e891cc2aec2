using System.Globalization;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Api;

/// <summary>Shows what arrived to the page, a person or a script at this machine, and takes faults from them.</summary>
internal sealed class ApiEndpoint(
    EventStore store, EventJson eventJson, DetailJson detailJson, StreamEndpoint stream, FaultEndpoint faults)
{
    private const string EventPrefix = "/api/events/";

    private static readonly string[] Paths =
    [
        "/api/events", "/api/events/{id}", "/api/faults", "/api/openapi.json", "/api/rejected", "/api/stats", "/api/stream",
    ];

    public Task HandleAsync(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        return (path, context.Request.Method) switch
        {
            ("/api/events", "GET") => ListJson.ListAsync(context, store.Accepted, eventJson.Write),
            ("/api/events", "DELETE") => Clear(context),
            ("/api/events", _) => RefuseMethodAsync(context, "GET, DELETE"),
            ("/api/rejected", "GET") => ListJson.ListAsync(context, store.Rejected, eventJson.Write),
            ("/api/rejected", _) => RefuseMethodAsync(context, "GET"),
            ("/api/stats", "GET") =>
                context.WriteAsync(json => StatsJson.Write(json, store.Tally, store.Look().Count)),
            ("/api/stats", _) => RefuseMethodAsync(context, "GET"),
            ("/api/stream", "GET") => stream.SendAsync(context),
            ("/api/stream", _) => RefuseMethodAsync(context, "GET"),
            ("/api/faults", "GET") => faults.ShowAsync(context),
            ("/api/faults", "PUT") => faults.SetAsync(context),
            ("/api/faults", "DELETE") => faults.ClearAsync(context),
            ("/api/faults", _) => RefuseMethodAsync(context, "GET, PUT, DELETE"),
            ("/api/openapi.json", "GET") => OpenApiAsync(context),
            ("/api/openapi.json", _) => RefuseMethodAsync(context, "GET"),
            _ when path.StartsWith(EventPrefix, StringComparison.Ordinal) => EventAsync(context, path[EventPrefix.Length..]),
            _ => context.RefuseAsync(new Problem(404, $"there is nothing at this path; there is {string.Join(", ", Paths)}")),
        };
    }

    private Task Clear(HttpContext context)
    {
        store.Clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task EventAsync(HttpContext context, string text)
    {
        if (!HttpMethods.IsGet(context.Request.Method)) return RefuseMethodAsync(context, "GET");
        var view = store.Look();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && view.Find(id) is { } found
            ? context.WriteAsync(json => detailJson.Write(json, found, view))
            : context.RefuseAsync(new Problem(404, "there is no request of this id, or it is no longer kept", "id"));
    }

    private static Task OpenApiAsync(HttpContext context) =>
        context.WriteAsync(StatusCodes.Status200OK, EmbeddedFile.Read("Api/openapi.json"));

    private static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        var method = context.Request.Method;
        return context.RefuseAsync(new Problem(405, $"the method is {method}: this path takes {allowed}"));
    }
}
