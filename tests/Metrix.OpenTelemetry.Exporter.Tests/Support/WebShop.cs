using System.Diagnostics;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// An ASP.NET Core application with dependency injection, the emulator, and a client that sends requests to it over real
/// sockets. The books are closed when it ends.
/// </summary>
internal sealed class WebShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Books _books;
    private bool _isClosed;

    private WebShop(WebApplication app, MetrixEmulator emulator, Books books)
    {
        _app = app;
        _books = books;
        Emulator = emulator;
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public MetrixEmulator Emulator { get; }

    public Books Books => _books;

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="telemetry">What the application has of telemetry.</param>
    /// <param name="routes">Its endpoints.</param>
    /// <param name="settings">What its section <c>Metrix</c> has beside keys and endpoint.</param>
    /// <param name="host">What else its host has.</param>
    public static async Task<WebShop> StartAsync(
        Action<IOpenTelemetryBuilder> telemetry, Action<WebApplication> routes,
        Dictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? host = null)
    {
        var appId = Some.AppId();
        var books = new Books(appId);
        var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { [appId] = Telemetry.DevKey } });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Metrix:AppId"] = appId,
            ["Metrix:DevKey"] = Telemetry.DevKey,
            ["Metrix:Endpoint"] = emulator.Endpoint.ToString(),
            ["Metrix:Period"] = "00:00:00.010",
            ["Metrix:Slugs:Purchase"] = "taqsq",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        host?.Invoke(builder);
        telemetry(builder.Services.AddOpenTelemetry());
        var app = builder.Build();

        // Whose the request is, as an application's own code would tell.
        app.Use(async (_, next) =>
        {
            Activity.Current?.OfSomeUser();
            await next();
        });
        routes(app);
        await app.StartAsync();
        return new WebShop(app, emulator, books);
    }

    /// <summary>Ends the application as its host does, and returns what arrived.</summary>
    public async Task<IReadOnlyList<ReceivedEvent>> CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            Client.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        return Emulator.Events;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Emulator.DisposeAsync();
        _books.AssertClosed();
        _books.Dispose();
    }
}
