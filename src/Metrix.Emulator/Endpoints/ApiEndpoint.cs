using System.Globalization;
using Metrix.Emulator.Http;
using Metrix.Emulator.Store;
using Microsoft.AspNetCore.Http;

namespace Metrix.Emulator.Endpoints;

/// <summary>Serves the API under <c>/api/</c>, with which the page and scripts read requests and set faults.</summary>
internal sealed class ApiEndpoint(
    EventStore store, EventJson eventJson, RequestDetailJson detailJson, StreamEndpoint stream, FaultEndpoint faults)
{
    private const string EventPrefix = "/api/events/";

    private static readonly string[] Paths =
    [
        "/api/events", "/api/events/{id}", "/api/faults", "/api/openapi.json", "/api/rejected", "/api/stats",
        "/api/stream",
    ];

    public Task HandleAsync(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-store";
        return (path, context.Request.Method) switch
        {
            ("/api/events", "GET") => ListJson.SendAsync(context, store.Accepted, eventJson.Write),
            ("/api/events", "DELETE") => ClearAsync(context),
            ("/api/events", _) => RejectMethodAsync(context, "GET, DELETE"),
            ("/api/rejected", "GET") => ListJson.SendAsync(context, store.Rejected, eventJson.Write),
            ("/api/rejected", _) => RejectMethodAsync(context, "GET"),
            ("/api/stats", "GET") =>
                context.WriteAsync(json => StatsJson.Write(json, store.Counts, store.GetView().Count)),
            ("/api/stats", _) => RejectMethodAsync(context, "GET"),
            ("/api/stream", "GET") => stream.SendAsync(context),
            ("/api/stream", _) => RejectMethodAsync(context, "GET"),
            ("/api/faults", "GET") => faults.GetAsync(context),
            ("/api/faults", "PUT") => faults.PutAsync(context),
            ("/api/faults", "DELETE") => faults.DeleteAsync(context),
            ("/api/faults", _) => RejectMethodAsync(context, "GET, PUT, DELETE"),
            ("/api/openapi.json", "GET") => SendOpenApiAsync(context),
            ("/api/openapi.json", _) => RejectMethodAsync(context, "GET"),
            _ when path.StartsWith(EventPrefix, StringComparison.Ordinal) =>
                SendDetailAsync(context, path[EventPrefix.Length..]),
            _ => context.RejectAsync(new Problem(404, $"no such path; the paths are {string.Join(", ", Paths)}")),
        };
    }

    private Task ClearAsync(HttpContext context)
    {
        store.Clear();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task SendDetailAsync(HttpContext context, string idText)
    {
        if (!HttpMethods.IsGet(context.Request.Method)) return RejectMethodAsync(context, "GET");
        var view = store.GetView();
        return long.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id) &&
            view.Find(id) is { } found
                ? context.WriteAsync(json => detailJson.Write(json, found, view))
                : context.RejectAsync(new Problem(404, "no request with this id is kept", "id"));
    }

    private static Task SendOpenApiAsync(HttpContext context) =>
        context.WriteAsync(StatusCodes.Status200OK, EmbeddedFile.Read("Endpoints/openapi.json"));

    private static Task RejectMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        var method = context.Request.Method;
        return context.RejectAsync(new Problem(405, $"the method is {method}; this path allows {allowed}"));
    }
}
