using Metrix.AspNetCore.Propagation;
using Metrix.Client;
using Microsoft.AspNetCore.Http;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Makes the end user of a request ambient while it runs, and tells its server span, which ends after all middleware.
/// </summary>
internal sealed class IdentityMiddleware(RequestDelegate next, MetrixIdentityOptions options)
{
    private static readonly object SeenKey = new();

    private readonly IdentityReader _reader = new(options);

    public async Task InvokeAsync(HttpContext context)
    {
        var isFirst = context.Items.TryAdd(SeenKey, SeenKey);
        var identity = _reader.Read(context, isCounted: isFirst);
        if (isFirst)
            IdentityBaggage.RemoveFrom(context);

        if (identity is null)
        {
            await next(context);
            return;
        }

        ServerSpan.Of(context)?.SetCustomProperty(MetrixContext.ActivityProperty, identity);
        using (MetrixContext.Push(identity))
            await next(context);
    }
}
