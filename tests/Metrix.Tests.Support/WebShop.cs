using Metrix.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Metrix.Tests.Support;

/// <summary>
/// An ASP.NET Core application, the emulator, and a client that sends requests to it over real sockets. The books are closed
/// when it ends.
/// </summary>
public sealed class WebShop : IAsyncDisposable
{
    public const string DevKey = "dev-key-of-the-shop";

    private readonly WebApplication _app;
    private bool _isClosed;

    private WebShop(WebApplication app, MetrixEmulator emulator, MeterRecorder books)
    {
        _app = app;
        Meter = books;
        Emulator = emulator;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
        })
        { BaseAddress = Address };
    }

    public MetrixEmulator Emulator { get; }

    public MeterRecorder Meter { get; }

    public Uri Address { get; }

    /// <summary>A client on a phone: it sends no trace.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="host">What its host has.</param>
    /// <param name="routes">Its middleware and endpoints.</param>
    /// <param name="settings">What its configuration has beside keys, endpoint and the slug of <c>Purchase</c>.</param>
    public static async Task<WebShop> StartAsync(
        Action<WebApplicationBuilder> host, Action<WebApplication> routes, Dictionary<string, string?>? settings = null)
    {
        var appId = $"app-{Guid.NewGuid():N}";
        var books = new MeterRecorder(appId);
        var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { [appId] = DevKey } });
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
        var app = builder.Build();
        routes(app);
        await app.StartAsync();
        return new WebShop(app, emulator, books);
    }

    /// <summary>Ends the application as its host does, and returns what arrived.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
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
        Meter.AssertClosed();
        Meter.Dispose();
    }
}
