using Metrix.AspNetCore;
using Metrix.AspNetCore.Identity;
using Metrix.AspNetCore.Propagation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Adds <c>UseMetrixIdentity()</c> to an application.
/// </summary>
public static class MetrixApplicationBuilderExtensions
{
    /// <summary>
    /// Reads whom a request is from, and makes that ambient while it runs: events that are emitted meanwhile, and the
    /// request's own server span, belong to him. Place it behind <c>UseForwardedHeaders</c> and <c>UseAuthentication</c>.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="configure">Sets what should differ from the section <c>Metrix:Identity</c>. Default null.</param>
    /// <returns>The application, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is unknown or impossible; the message names it and shows a right
    /// value.</exception>
    public static IApplicationBuilder UseMetrixIdentity(
        this IApplicationBuilder app, Action<MetrixIdentityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new MetrixIdentityOptions();
        if (app.ApplicationServices.GetService<IConfiguration>() is { } configuration)
            IdentitySettings.Read(options, configuration);
        foreach (var setup in app.ApplicationServices.GetServices<IConfigureOptions<MetrixIdentityOptions>>())
            setup.Configure(options);
        configure?.Invoke(options);

        var hosts = new HostList(options.PropagateTo);
        if (!hosts.IsEmpty)
            IdentityPropagator.Install(hosts);

        return app.UseMiddleware<IdentityMiddleware>(options);
    }
}
