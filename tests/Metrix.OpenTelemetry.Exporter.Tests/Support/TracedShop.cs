using System.Diagnostics;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>A shop whose requests all come from one user, as its own middleware tells on the server span.</summary>
internal static class TracedShop
{
    /// <param name="telemetry">What the application has of telemetry.</param>
    /// <param name="routes">Its endpoints.</param>
    /// <param name="settings">What its configuration has beside keys and endpoint.</param>
    /// <param name="host">What else its host has.</param>
    public static Task<WebShop> StartAsync(
        Action<IOpenTelemetryBuilder> telemetry, Action<WebApplication> routes,
        Dictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? host = null) =>
        WebShop.StartAsync(
            builder =>
            {
                host?.Invoke(builder);
                telemetry(builder.Services.AddOpenTelemetry());
            },
            app =>
            {
                app.Use(async (_, next) =>
                {
                    Activity.Current?.OfSomeUser();
                    await next();
                });
                routes(app);
            },
            settings);
}
