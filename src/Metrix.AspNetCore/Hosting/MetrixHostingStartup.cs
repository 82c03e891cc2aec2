using Metrix.AspNetCore.Hosting;
using Metrix.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

[assembly: HostingStartup(typeof(MetrixHostingStartup))]

namespace Metrix.AspNetCore.Hosting;

/// <summary>
/// Enables the exporter and the identity of requests without a change to the application's code. It needs the name of
/// this assembly in <c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c> and a section <c>Metrix</c> in the configuration.
/// </summary>
internal sealed class MetrixHostingStartup : IHostingStartup
{
    /// <summary>The setting that lists activity sources to trace, in addition to ASP.NET Core.</summary>
    private const string SourcesKey = MetrixSettings.Section + ":Sources";

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices((context, services) =>
    {
        if (!context.Configuration.GetSection(MetrixSettings.Section).Exists())
            return;

        var sources = context.Configuration.GetSection(SourcesKey).GetChildren()
            .Select(source => source.Value).OfType<string>().ToArray();
        services.AddOpenTelemetry()
            .UseMetrix()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource(sources))
            .WithLogging(configureBuilder: null, options => options.IncludeScopes = true);
        services.TryAddEnumerable(ServiceDescriptor.Transient<IStartupFilter, IdentityStartupFilter>());
    });

    /// <summary>
    /// Adds the identity middleware before all middleware of the application. If the application adds it too, its own
    /// runs second and supplies what only the application knows, such as claims.
    /// </summary>
    private sealed class IdentityStartupFilter(IConfiguration configuration) : IStartupFilter
    {
        /// <summary>The configuration key of <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>.</summary>
        private const string ForwardedHeadersKey = "FORWARDEDHEADERS_ENABLED";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            // The host would add this middleware after the identity middleware, which would then read the address of
            // the proxy. The host does not add it a second time.
            if (string.Equals(configuration[ForwardedHeadersKey], "true", StringComparison.OrdinalIgnoreCase))
                app.UseForwardedHeaders();
            app.UseMetrixIdentity();
            next(app);
        };
    }
}
