using Metrix.AspNetCore.Propagation;
using Metrix.Client;
using Metrix.Client.Mapping;
using Microsoft.AspNetCore.Http;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Makes the identity of a request ambient while the request runs, and stores it on the server span, which ends after
/// all middleware.
/// </summary>
/// <remarks>
/// If a pipeline contains the middleware twice, the result of the second replaces the result of the first, even when it
/// finds no user: the second one has more information, such as claims.
/// </remarks>
internal sealed class IdentityMiddleware(RequestDelegate next, MetrixIdentityOptions options)
{
    private static readonly object BaggageKey = new();

    private readonly RequestIdentityReader _reader = new(options);

    public async Task InvokeAsync(HttpContext context)
    {
        var isFirst = !context.Items.TryGetValue(BaggageKey, out var stored);
        var baggage = stored as IReadOnlyDictionary<EventField, string> ?? IdentityBaggage.ExtractFrom(context);
        context.Items[BaggageKey] = baggage;

        var identity = _reader.Read(context, baggage, countsIgnored: isFirst);
        if (identity is null && isFirst)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        ServerSpan.Of(context)?.SetCustomProperty(MetrixContext.ActivityProperty, identity);
        using (MetrixContext.BeginScopeOrHide(identity))
            await next(context).ConfigureAwait(false);
    }
}
