using Metrix.AspNetCore.Propagation;
using Metrix.Client;
using Metrix.Client.Mapping;
using Microsoft.AspNetCore.Http;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Makes the end user of a request ambient while it runs, and tells its server span, which ends after all middleware. Where it
/// stands twice, the second knows better: what it finds, nobody included, replaces what the first found.
/// </summary>
internal sealed class IdentityMiddleware(RequestDelegate next, MetrixIdentityOptions options)
{
    private static readonly object BaggageKey = new();

    private readonly RequestIdentityReader _reader = new(options);

    public async Task InvokeAsync(HttpContext context)
    {
        var isFirst = !context.Items.TryGetValue(BaggageKey, out var kept);
        var baggage = kept as IReadOnlyDictionary<EventField, string> ?? IdentityBaggage.TakeFrom(context);
        context.Items[BaggageKey] = baggage;

        var identity = _reader.Read(context, baggage, isCounted: isFirst);
        if (identity is null && isFirst)
        {
            await next(context);
            return;
        }

        ServerSpan.Of(context)?.SetCustomProperty(MetrixContext.ActivityProperty, identity);
        using (MetrixContext.BeginScopeOrHide(identity))
            await next(context);
    }
}
