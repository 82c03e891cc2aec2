using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Hosting;

/// <summary>A real host, with the real instrumentation of ASP.NET Core and HttpClient.</summary>
[Collection(InstrumentationCollection.Name)]
public class WebTests
{
    private static readonly Dictionary<string, string?> CheckoutIsMapped = new()
    {
        ["Metrix:Slugs:POST /checkout:Slug"] = "qzrtw",
        ["Metrix:Slugs:POST /checkout:When:http.response.status_code"] = "200..299",
        ["Metrix:Slugs:GET /orders/{id:int}"] = "abcde",
    };

    [Fact]
    public async Task Server_spans_become_events_with_no_code_at_all_and_failed_ones_do_not()
    {
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddMetrixExporter()),
            app =>
            {
                app.MapPost("/checkout", (int? amount) => amount > 0 ? Results.Ok() : Results.BadRequest());
                app.MapGet("/orders/{id:int}", (int id) => Results.Ok(id));
                app.MapGet("/products", () => Results.Ok());
            },
            CheckoutIsMapped);
        await shop.Client.PostAsync("/checkout?amount=5", null, TestContext.Current.CancellationToken);
        await shop.Client.PostAsync("/checkout?amount=0", null, TestContext.Current.CancellationToken);
        await shop.Client.GetAsync("/orders/7", TestContext.Current.CancellationToken);
        await shop.Client.GetAsync("/products", TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(["abcde", "qzrtw"], events.Select(e => e.EventSlug).Order());
        Assert.All(events, e => Assert.Empty(e.CustomAttributes));
        Assert.All(events, e => Assert.Empty(e.CustomMetrics));
        Assert.Equal(2, shop.Books.Recognized);
    }

    [Fact]
    public async Task A_sampler_of_the_host_costs_no_event_and_its_traceparent_stays()
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
                app.MapGet("/downstream", (HttpRequest request) => traceparents.Enqueue(request.Headers.TraceParent.ToString()));
            },
            CheckoutIsMapped);
        for (var i = 0; i < 20; i++)
            (await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        Assert.Equal(20, (await shop.CloseAsync()).Count);
        Assert.Equal(20, traceparents.Count);
        Assert.All(traceparents, traceparent => Assert.EndsWith("-00", traceparent));
    }

    [Fact]
    public async Task Tracing_and_logging_share_one_client()
    {
        var clients = 0;
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix(o => o.HttpMessageHandlerFactory = () =>
                {
                    Interlocked.Increment(ref clients);
                    return new SocketsHttpHandler();
                })
                .WithTracing(tracing => tracing.AddSource(source.Name)),
            app => app.MapPost("/checkout", (ILogger<WebTests> log) =>
            {
                using var activity = source.StartActivity("Purchase")!.OfSomeUser();
                log.LogInformation("<@Purchase> {Amount}", 5);
            }));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await shop.CloseAsync()).Count);
        Assert.Equal(1, clients);
    }

    [Fact]
    public async Task Nothing_is_sent_twice_when_the_exporter_is_added_twice()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix()
                .WithTracing(tracing => tracing.AddSource(source.Name).AddMetrixExporter())
                .WithLogging(logging => logging.AddMetrixExporter()),
            app => app.MapPost("/checkout", (ILogger<WebTests> log) =>
            {
                using var activity = source.StartActivity("Purchase")!.OfSomeUser();
                log.LogInformation("<@Purchase>");
            }),
            host: builder => builder.Logging.AddOpenTelemetry(o => o.AddMetrixExporter()));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal(2, (await shop.CloseAsync()).Count);
    }

    [Fact]
    public async Task Who_shuts_down_first_takes_nothing_from_the_other()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.UseMetrix().WithTracing(tracing => tracing.AddSource(source.Name)), _ => { });
        var tracing = shop.Services.GetRequiredService<TracerProvider>();
        using (source.StartActivity("Purchase")!.OfSomeUser())
        {
        }

        Assert.True(tracing.Shutdown(60_000));
        tracing.Dispose();
        using (new Activity("request").OfSomeUser().Start())
            shop.Services.GetRequiredService<ILogger<WebTests>>().LogInformation("<@Purchase>");

        Assert.Equal(2, (await shop.CloseAsync()).Count);
    }

    [Fact]
    public async Task Logging_that_is_set_up_twice_in_code_sends_once()
    {
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithLogging(logging => logging.AddMetrixExporter()),
            _ => { },
            host: builder => builder.Logging.AddOpenTelemetry(o => o.AddMetrixExporter(_ => { }).AddMetrixExporter(_ => { })));
        using (new Activity("request").OfSomeUser().Start())
            shop.Services.GetRequiredService<ILogger<WebTests>>().LogInformation("<@Purchase>");

        Assert.Single(await shop.CloseAsync());
    }

    [Fact]
    public async Task Each_name_has_its_own_say_on_what_is_unsampled()
    {
        await using var emulator = await MetrixEmulator.StartAsync();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddSource(source.Name).SetSampler(new AlwaysOffSampler())
                .AddMetrixExporter()
                .AddMetrixExporter("second", o =>
                {
                    o.Endpoint = emulator.Endpoint;
                    o.UnsampledActivities = MetrixUnsampledActivities.Drop;
                })),
            _ => { });
        using (source.StartActivity("Purchase")!.OfSomeUser())
        {
        }

        Assert.Single(await shop.CloseAsync());
        Assert.Empty(emulator.Events);
    }

    [Fact]
    public async Task Named_options_are_another_client()
    {
        var second = TestData.AppId();
        await using var emulator = await MetrixEmulator.StartAsync();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddSource(source.Name)
                .AddMetrixExporter()
                .AddMetrixExporter("second", o =>
                {
                    o.AppId = second;
                    o.Endpoint = emulator.Endpoint;
                    o.Slugs["Purchase"] = "fghij";
                })),
            app => app.MapPost("/checkout", () =>
            {
                using var activity = source.StartActivity("Purchase")!.OfSomeUser();
            }));
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        Assert.Equal("taqsq", Assert.Single(await shop.CloseAsync()).EventSlug);
        var other = Assert.Single(emulator.Events);
        Assert.Equal(("fghij", $"/inappevent/{second}"), (other.EventSlug, other.Request.Path));
    }

    [Fact]
    public async Task The_application_may_configure_the_options_as_any_others()
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry.WithTracing(tracing => tracing.AddSource(source.Name).AddMetrixExporter()),
            app => app.MapPost("/checkout", () =>
            {
                using var activity = source.StartActivity("Cancel")!.OfSomeUser();
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
    public async Task Bad_settings_throw_when_the_host_starts(string key, string value, string said)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Metrix:AppId"] = TestData.AppId();
        builder.Configuration["Metrix:DevKey"] = Telemetry.DevKey;
        builder.Configuration[key] = value;
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddMetrixExporter());
        using var host = builder.Build();

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(said, thrown.Message);
        Assert.DoesNotContain(Telemetry.DevKey, thrown.Message);
    }

    [Fact]
    public void A_missing_section_is_told_when_the_host_is_built()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddOpenTelemetry().WithLogging(logging => logging.AddMetrixExporter());

        var thrown = Assert.Throws<ArgumentException>(builder.Build);
        Assert.Contains("\"appId\": \"your-app-id\"", thrown.Message);
    }
}
