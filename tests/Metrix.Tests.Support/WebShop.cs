using Metrix.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Metrix.Tests.Support;

/// <summary>
/// Represents an ASP.NET Core application with an emulator, and an HTTP client that sends requests to the application
/// over real sockets.
/// </summary>
public sealed class WebShop : TestApplication
{
    private readonly WebApplication _app;

    private WebShop(MetrixEmulator emulator, string appId, Func<WebApplication> start)
        : base(emulator, appId)
    {
        _app = start();
        Address = new Uri(_app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
        })
        { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>Gets a client like a phone's, which sends no trace headers.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts an application.</summary>
    /// <param name="host">Configures the host.</param>
    /// <param name="routes">Adds middleware and endpoints.</param>
    /// <param name="settings">Adds to the configuration, which has the app, the endpoint, a short period and the slug
    /// of <c>Purchase</c>. Default null.</param>
    public static async Task<WebShop> StartAsync(
        Action<WebApplicationBuilder> host,
        Action<WebApplication> routes,
        Dictionary<string, string?>? settings = null)
    {
        var appId = TestUser.AppId();
        var emulator = await TestEmulator.StartAsync(appId);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (settings?.Keys.Any(key => key.StartsWith("Metrix:Apps", StringComparison.Ordinal)) != true)
        {
            builder.Configuration["Metrix:AppId"] = appId;
            builder.Configuration["Metrix:DevKey"] = DevKey;
        }

        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Metrix:Endpoint"] = emulator.Endpoint.ToString(),
            ["Metrix:Period"] = "00:00:00.010",
            ["Metrix:Slugs:Purchase"] = "taqsq",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        host(builder);
        return new WebShop(emulator, appId, () =>
        {
            var app = builder.Build();
            routes(app);
            app.Start();
            return app;
        });
    }

    protected override async Task CloseFrontEndAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
