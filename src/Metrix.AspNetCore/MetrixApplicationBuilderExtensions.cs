using Metrix.AspNetCore;
using Metrix.AspNetCore.Identity;
using Metrix.AspNetCore.Propagation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Adds <c>UseMetrixIdentity()</c> to an <see cref="IApplicationBuilder"/>.
/// </summary>
public static class MetrixApplicationBuilderExtensions
{
    /// <summary>
    /// Adds middleware that identifies the user of each request.
    /// </summary>
    /// <remarks>
    /// Events that are emitted during the request, and the server span of the request, are attributed to this user. Add
    /// the middleware after <c>UseForwardedHeaders</c> and <c>UseAuthentication</c>.
    /// </remarks>
    /// <param name="app">The application builder.</param>
    /// <param name="configure">Changes the settings that the section <c>Metrix:Identity</c> sets. Default null: changes
    /// nothing.</param>
    /// <returns>The application builder, for chaining.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is null.</exception>
    /// <exception cref="ArgumentException">A setting is unknown or invalid. The message names it and shows a valid
    /// value.</exception>
    public static IApplicationBuilder UseMetrixIdentity(
        this IApplicationBuilder app, Action<MetrixIdentityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new MetrixIdentityOptions();
        var services = app.ApplicationServices;
        if (services.GetService<IConfiguration>() is { } configuration)
            IdentitySettings.Read(options, configuration);
        foreach (var configureOptions in services.GetServices<IConfigureOptions<MetrixIdentityOptions>>())
            configureOptions.Configure(options);
        configure?.Invoke(options);

        var hosts = new HostList(options.PropagateTo);
        if (!hosts.IsEmpty)
            IdentityPropagator.Install(hosts);

        return app.UseMiddleware<IdentityMiddleware>(options);
    }
}
