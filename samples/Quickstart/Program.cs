using Metrix.Emulator;
using OpenTelemetry.Trace;
using Quickstart;
using Quickstart.Shop;
using Serilog;
using Serilog.Debugging;

// What the sink has to say goes where Serilog says what goes wrong.
SelfLog.Enable(Console.Error);
Console.OutputEncoding = System.Text.Encoding.UTF8;
using var counters = new Counters();

// Metrix on this machine, with the app and the slugs that appsettings.json names.
await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
{
    Apps = { ["your-app-id"] = "your-dev-key" },
    Slugs = { ["Purchase"] = "taqsq", ["Refund"] = "qzrtw", ["POST /checkout"] = "xkcvb" },
});

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseUrls("http://127.0.0.1:0");

// In place of the vendor's address; in production this line is not there.
builder.Configuration.AddInMemoryCollection([new("Metrix:Endpoint", emulator.Endpoint.ToString())]);

// All that the shop has of logging: Serilog, set up by appsettings.json alone.
builder.Host.UseSerilog((context, logger) => logger.ReadFrom.Configuration(context.Configuration));

// And of tracing: its own source, and the server spans of ASP.NET Core.
builder.Services.AddOpenTelemetry().WithTracing(
    tracing => tracing.AddSource(Payments.SourceName).AddAspNetCoreInstrumentation().AddMetrixExporter());

builder.Services.AddSingleton<Refunds>();
builder.Services.AddHostedService(services => services.GetRequiredService<Refunds>());
builder.Services.AddHealthChecks().AddMetrix();

// Whom a request is from: the app on the phone sends the ids that the Metrix SDK gave it.
var shop = builder.Build();
shop.UseMetrixIdentity();
shop.MapHealthChecks("/health");
shop.MapShop();
await shop.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri(shop.Urls.First()) };
var expected = await new Customers(client).ShopAsync();

var stays = args.Contains("--stay");
if (stays)
    await emulator.WaitForAsync(expected.Count);
else
    await CloseAsync();

Report.Print(emulator.Events, emulator.Rejected, counters);
if (stays)
{
    Console.WriteLine($"The shop is at {client.BaseAddress}. Ctrl+C ends it and the emulator, whose page shows what arrives:");
    Console.WriteLine(emulator.Endpoint);
    await shop.WaitForShutdownAsync();
    await CloseAsync();
    return 0;
}

var arrived = emulator.Events.Select(e => e.EventSlug).Order().SequenceEqual(expected.Order());
Console.WriteLine(arrived ? $"All {expected.Count} events arrived." : $"{expected.Count} events were expected: something is missing.");
return arrived ? 0 : 1;

async Task CloseAsync()
{
    await shop.StopAsync();
    await shop.DisposeAsync();
}
