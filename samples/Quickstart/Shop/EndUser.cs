using System.Diagnostics;
using Serilog.Context;
using Serilog.Core.Enrichers;

namespace Quickstart.Shop;

/// <summary>
/// Only the phone knows the end user's ids; the app sends them with each request. They stand in the log context while the
/// request runs, and on its server span.
/// </summary>
public static class EndUser
{
    private static readonly (string Header, string Property)[] Ids =
    [
        ("X-Metrix-User-Id", "metrix.user_id"),
        ("X-Metrix-Session-Id", "metrix.session_id"),
        ("X-Metrix-Advertising-Id", "metrix.advertising_id"),
        ("X-Metrix-Idfa", "metrix.idfa"),
    ];

    public static void UseEndUser(this WebApplication app) =>
        app.Use(async (context, next) =>
        {
            var known = Ids
                .Where(id => context.Request.Headers.ContainsKey(id.Header))
                .Select(id => (id.Property, Value: context.Request.Headers[id.Header].ToString()))
                .ToList();
            foreach (var (property, value) in known)
                Activity.Current?.SetTag(property, value);
            using (LogContext.Push([.. known.Select(id => new PropertyEnricher(id.Property, id.Value))]))
                await next(context);
        });
}
