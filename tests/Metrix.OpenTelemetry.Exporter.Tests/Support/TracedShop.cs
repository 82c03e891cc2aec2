using System.Diagnostics;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>Starts a web application that sets the ids of one user on every server span.</summary>
internal static class TracedShop
{
    /// <param name="telemetry">Configures OpenTelemetry.</param>
    /// <param name="routes">Maps the endpoints.</param>
    /// <param name="settings">Adds settings to the configuration.</param>
    /// <param name="host">Configures the host.</param>
    public static Task<WebShop> StartAsync(
        Action<IOpenTelemetryBuilder> telemetry,
        Action<WebApplication> routes,
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? host = null) =>
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
                    Activity.Current?.WithIdentity();
                    await next();
                });
                routes(app);
            },
            settings);
}
