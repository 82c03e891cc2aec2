using Metrix.Emulator.Endpoints;
using Metrix.Emulator.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.Emulator.Hosting;

/// <summary>Routes each request to its endpoint.</summary>
internal sealed class EmulatorApplication(EventEndpoint events, ApiEndpoint api, CrossSiteGuard guard)
    : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var target = RequestTarget.Of(context);
        try
        {
            // A POST to any other path is most likely an event with a wrong path. It is kept, so that its sender can
            // see why the event did not arrive. A browser's request for an icon is not kept.
            var isApi = target.Path.StartsWith("/api/", StringComparison.Ordinal);
            if (target.AppId.Length > 0 || (HttpMethods.IsPost(context.Request.Method) && !isApi))
                await events.HandleAsync(context, target).ConfigureAwait(false);
            else if (guard.Check(context.Request) is { } problem)
                await context.RejectAsync(problem).ConfigureAwait(false);
            else if (isApi)
                await api.HandleAsync(context, target.Path).ConfigureAwait(false);
            else
                await PageEndpoint.SendAsync(context, target.Path).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client disconnected, or the emulator stops. Without an abort, Kestrel would send an empty 200.
            context.Abort();
        }
    }
}
