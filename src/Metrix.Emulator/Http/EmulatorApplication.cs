using Metrix.Emulator.Api;
using Metrix.Emulator.Page;
using Metrix.Emulator.Validation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Metrix.Emulator.Http;

/// <summary>Sends each request to its endpoint.</summary>
internal sealed class EmulatorApplication(EventEndpoint events, ApiEndpoint api, SiteGuard guard)
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
            // What is posted elsewhere is most likely an event on a wrong path: kept, so that its sender can be told
            // why nothing arrived. A browser that asks for an icon is not.
            var isApi = target.Path.StartsWith("/api/", StringComparison.Ordinal);
            if (target.AppId.Length > 0 || (HttpMethods.IsPost(context.Request.Method) && !isApi))
                await events.HandleAsync(context, target).ConfigureAwait(false);
            else if (guard.Check(context.Request) is { } problem)
                await context.RefuseAsync(problem).ConfigureAwait(false);
            else if (isApi)
                await api.HandleAsync(context, target.Path).ConfigureAwait(false);
            else
                await PageEndpoint.SendAsync(context, target.Path).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client went, or the emulator stops: whoever still listens must not take silence for a 200.
            context.Abort();
        }
    }
}
