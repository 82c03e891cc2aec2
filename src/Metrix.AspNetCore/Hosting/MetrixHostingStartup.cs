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
/// Enables the exporter and the identity of requests in an application that knows nothing of them: the environment names this
/// assembly in <c>ASPNETCORE_HOSTINGSTARTUPASSEMBLIES</c>, and the configuration has a section <c>Metrix</c>.
/// </summary>
internal sealed class MetrixHostingStartup : IHostingStartup
{
    /// <summary>The names of activity sources that are listened to beside ASP.NET Core's own.</summary>
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
    /// Puts the middleware before all that the application has. Where it uses the middleware itself, that one comes second
    /// and adds what only it can know, such as claims.
    /// </summary>
    private sealed class IdentityStartupFilter(IConfiguration configuration) : IStartupFilter
    {
        /// <summary>What <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> is in the configuration.</summary>
        private const string ForwardedHeadersKey = "FORWARDEDHEADERS_ENABLED";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            // The host would add it behind this; it adds it once, wherever it stands first.
            if (string.Equals(configuration[ForwardedHeadersKey], "true", StringComparison.OrdinalIgnoreCase))
                app.UseForwardedHeaders();
            app.UseMetrixIdentity();
            next(app);
        };
    }
}
