using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Hosting;

/// <summary>Tests a real host with the real instrumentation of ASP.NET Core and HttpClient.</summary>
[Collection(InstrumentationCollection.Name)]
public class WebTests
{
    private static readonly Dictionary<string, string?> CheckoutSettings = new()
    {
        ["Metrix:Slugs:POST /checkout:Slug"] = "qzrtw",
        ["Metrix:Slugs:POST /checkout:When:http.response.status_code"] = "200..299",
        ["Metrix:Slugs:GET /orders/{id:int}"] = "abcde",
    };

    [Fact]
    public async Task Mapped_server_spans_that_meet_their_conditions_become_events()
    {
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddMetrixExporter()),
            app =>
            {
                app.MapPost("/checkout", (int? amount) => amount > 0 ? Results.Ok() : Results.BadRequest());
                app.MapGet("/orders/{id:int}", (int id) => Results.Ok(id));
                app.MapGet("/products", () => Results.Ok());
            },
            CheckoutSettings);
        await shop.Client.PostAsync("/checkout?amount=5", null, TestContext.Current.CancellationToken);
        await shop.Client.PostAsync("/checkout?amount=0", null, TestContext.Current.CancellationToken);
        await shop.Client.GetAsync("/orders/7", TestContext.Current.CancellationToken);
        await shop.Client.GetAsync("/products", TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(["abcde", "qzrtw"], events.Select(e => e.EventSlug).Order());
        Assert.All(events, e => Assert.Empty(e.CustomAttributes));
        Assert.All(events, e => Assert.Empty(e.CustomMetrics));
        Assert.Equal(2, shop.Meter.Recognized);
    }

    [Fact]
    public async Task An_unsampled_request_is_an_event_and_propagates_an_unsampled_traceparent()
    {
        var traceparents = new ConcurrentQueue<string>();
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing
                .AddMetrixExporter().AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(0)))),
            app =>
            {
                app.MapPost("/checkout", async (HttpContext context) =>
                {
                    using var client = new HttpClient();
                    await client.GetAsync(new Uri($"http://{context.Request.Host}/downstream"));
                    return Results.Ok();
                });
                app.MapGet(
                    "/downstream",
                    (HttpRequest request) => traceparents.Enqueue(request.Headers.TraceParent.ToString()));
            },
            CheckoutSettings);
        for (var i = 0; i < 20; i++)
        {
            var response = await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
        }

        Assert.Equal(20, (await shop.CloseAsync()).Count);
        Assert.Equal(20, traceparents.Count);
        Assert.All(traceparents, traceparent => Assert.EndsWith("-00", traceparent));
    }

    [Fact]
    public async Task Tracing_and_logging_share_one_client()
    {
        var clientCount = 0;
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix(o => o.HttpMessageHandlerFactory = () =>
                {
                    Interlocked.Increment(ref clientCount);
                    return new SocketsHttpHandler();
                })
                .WithTracing(tracing => tracing.AddSource(source.Name)),
            app => app.MapPost("/checkout", (ILogger<WebTests> logger) =>
            {
                using var activity = source.StartActivity("Purchase")!.WithIdentity();
                logger.LogInformation("<@Purchase> {Amount}", 5);
            }));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await shop.CloseAsync()).Count);
        Assert.Equal(1, clientCount);
    }

    [Fact]
    public async Task Events_are_sent_once_when_the_exporter_is_added_twice()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix()
                .WithTracing(tracing => tracing.AddSource(source.Name).AddMetrixExporter())
                .WithLogging(logging => logging.AddMetrixExporter()),
            app => app.MapPost("/checkout", (ILogger<WebTests> logger) =>
            {
                using var activity = source.StartActivity("Purchase")!.WithIdentity();
                logger.LogInformation("<@Purchase>");
            }),
            host: builder => builder.Logging.AddOpenTelemetry(o => o.AddMetrixExporter()));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await shop.CloseAsync()).Count);
    }

    [Fact]
    public async Task Logging_delivers_events_after_tracing_is_shut_down()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.UseMetrix().WithTracing(tracing => tracing.AddSource(source.Name)), _ => { });
        var tracing = shop.Services.GetRequiredService<TracerProvider>();
        using (source.StartActivity("Purchase")!.WithIdentity())
        {
        }

        Assert.True(tracing.Shutdown(60_000));
        tracing.Dispose();
        using (new Activity("request").WithIdentity().Start())
            shop.Services.GetRequiredService<ILogger<WebTests>>().LogInformation("<@Purchase>");

        Assert.Equal(2, (await shop.CloseAsync()).Count);
    }

    [Fact]
    public async Task A_log_record_is_sent_once_when_the_exporter_is_added_twice_in_code()
    {
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithLogging(logging => logging.AddMetrixExporter()),
            _ => { },
            host: builder => builder.Logging.AddOpenTelemetry(
                o => o.AddMetrixExporter(_ => { }).AddMetrixExporter(_ => { })));
        using (new Activity("request").WithIdentity().Start())
            shop.Services.GetRequiredService<ILogger<WebTests>>().LogInformation("<@Purchase>");

        Assert.Single(await shop.CloseAsync());
    }

    [Fact]
    public async Task Each_named_exporter_applies_its_own_UnsampledActivities()
    {
        await using var emulator = await TestEmulator.StartAsync();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing
                .AddSource(source.Name)
                .SetSampler(new AlwaysOffSampler())
                .AddMetrixExporter()
                .AddMetrixExporter("second", o =>
                {
                    o.Endpoint = emulator.Endpoint;
                    o.UnsampledActivities = MetrixUnsampledActivities.Drop;
                })),
            _ => { });
        using (source.StartActivity("Purchase")!.WithIdentity())
        {
        }

        Assert.Single(await shop.CloseAsync());
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task A_named_exporter_has_its_own_client_and_options()
    {
        var secondAppId = TestUser.AppId();
        await using var emulator = await TestEmulator.StartAsync();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddSource(source.Name)
                .AddMetrixExporter()
                .AddMetrixExporter("second", o =>
                {
                    o.AppId = secondAppId;
                    o.Endpoint = emulator.Endpoint;
                    o.Slugs["Purchase"] = "fghij";
                })),
            app => app.MapPost("/checkout", () =>
            {
                using var activity = source.StartActivity("Purchase")!.WithIdentity();
            }));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal("taqsq", Assert.Single(await shop.CloseAsync()).EventSlug);
        var secondEvent = Assert.Single(emulator.Events);
        Assert.Equal(("fghij", $"/inappevent/{secondAppId}"), (secondEvent.EventSlug, secondEvent.Request.Path));
    }

    [Fact]
    public async Task Configure_on_the_service_collection_changes_the_options()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddSource(source.Name).AddMetrixExporter()),
            app => app.MapPost("/checkout", () =>
            {
                using var activity = source.StartActivity("Cancel")!.WithIdentity();
            }),
            host: builder => builder.Services.Configure<MetrixExporterOptions>(o => o.Slugs["Cancel"] = "klmno"));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal("klmno", Assert.Single(await shop.CloseAsync()).EventSlug);
    }

    [Theory]
    [InlineData("Metrix:Period", "2", "Period")]
    [InlineData("Metrix:UnsampledActivities", "Sometimes", "\"unsampledActivities\": \"RecordAll\"")]
    [InlineData("Metrix:UnsampledActivities", "1", "\"unsampledActivities\": \"RecordAll\"")]
    [InlineData("Metrix:BaggageKey:0", "x", "Did you mean \"BaggageKeys\"?")]
    [InlineData("Metrix:Slugs:Purchase", "", "the slug of \"Purchase\" is empty")]
    [InlineData("Metrix:Slugs:Purchase:When:Amount", "5", "\"Slugs:Purchase\" has no Slug")]
    public async Task Invalid_settings_throw_when_the_host_starts(string key, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Metrix:AppId"] = TestUser.AppId();
        builder.Configuration["Metrix:DevKey"] = Telemetry.DevKey;
        builder.Configuration[key] = value;
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddMetrixExporter());
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<ArgumentException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(expected, exception.Message);
        Assert.DoesNotContain(Telemetry.DevKey, exception.Message);
    }

    [Fact]
    public void A_missing_section_throws_when_the_host_is_built()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddOpenTelemetry().WithLogging(logging => logging.AddMetrixExporter());

        var exception = Assert.Throws<ArgumentException>(builder.Build);
        Assert.Contains("\"appId\": \"your-app-id\"", exception.Message);
    }
}
