using Serilog.Context;
using Serilog.Core.Enrichers;

namespace Quickstart.Shop;

/// <summary>
/// Only the phone knows the end user's ids; the app sends them with each request, and they stand in the log context while
/// the request runs.
/// </summary>
public static class EndUser
{
    private static readonly (string Header, string Property)[] Ids =
    [
        ("X-Metrix-User-Id", "MetrixUserId"),
        ("X-Metrix-Session-Id", "MetrixSessionId"),
        ("X-Metrix-Advertising-Id", "MetrixAdvertisingId"),
        ("X-Metrix-Idfa", "MetrixIdfa"),
    ];

    public static void UseEndUserLogContext(this WebApplication app) =>
        app.Use(async (context, next) =>
        {
            var known = Ids
                .Where(id => context.Request.Headers.ContainsKey(id.Header))
                .Select(id => new PropertyEnricher(id.Property, context.Request.Headers[id.Header].ToString()));
            using (LogContext.Push([.. known]))
                await next(context);
        });
}
