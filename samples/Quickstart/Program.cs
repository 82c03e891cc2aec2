using Metrix.Emulator;
using OpenTelemetry.Trace;
using Quickstart;
using Quickstart.Shop;
using Serilog;
using Serilog.Debugging;

// The sink reports problems to Serilog's SelfLog.
SelfLog.Enable(Console.Error);
Console.OutputEncoding = System.Text.Encoding.UTF8;
using var counters = new Counters();

// Start a local emulator of Metrix, with the app and the slugs of appsettings.json.
await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
{
    Apps = { ["your-app-id"] = "your-dev-key" },
    Slugs = { ["Purchase"] = "taqsq", ["Refund"] = "qzrtw", ["POST /checkout"] = "xkcvb" },
});

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseUrls("http://127.0.0.1:0");

// Send events to the emulator. In production, omit this line.
builder.Configuration.AddInMemoryCollection([new("Metrix:Endpoint", emulator.Endpoint.ToString())]);

// Logging: Serilog, configured by appsettings.json alone.
builder.Host.UseSerilog((context, logger) => logger.ReadFrom.Configuration(context.Configuration));

// Tracing: the activity source of the shop, and the server spans of ASP.NET Core.
builder.Services.AddOpenTelemetry().WithTracing(
    tracing => tracing.AddSource(Payments.SourceName).AddAspNetCoreInstrumentation().AddMetrixExporter());

builder.Services.AddSingleton<Refunds>();
builder.Services.AddHostedService(services => services.GetRequiredService<Refunds>());
builder.Services.AddHealthChecks().AddMetrix();

// Identify the user of each request by the ids that the mobile app sends in headers.
var shop = builder.Build();
shop.UseMetrixIdentity();
shop.MapHealthChecks("/health");
shop.MapShop();
await shop.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri(shop.Urls.First()) };
var expected = await new Customers(client).ShopAsync();

var keepsRunning = args.Contains("--stay");
if (keepsRunning)
    await emulator.WaitForAsync(expected.Count);
else
    await CloseAsync();

Report.Print(emulator.Events, emulator.Rejected, counters);
if (keepsRunning)
{
    Console.WriteLine($"The shop runs at {client.BaseAddress}. Press Ctrl+C to stop it and the emulator.");
    Console.WriteLine($"The page of the emulator shows the received events: {emulator.Endpoint}");
    await shop.WaitForShutdownAsync();
    await CloseAsync();
    return 0;
}

var isComplete = emulator.Events.Select(e => e.EventSlug).Order().SequenceEqual(expected.Order());
Console.WriteLine(isComplete
    ? $"All {expected.Count} events were delivered."
    : $"{expected.Count} events were expected, but the delivered events differ.");
return isComplete ? 0 : 1;

async Task CloseAsync()
{
    await shop.StopAsync();
    await shop.DisposeAsync();
}
