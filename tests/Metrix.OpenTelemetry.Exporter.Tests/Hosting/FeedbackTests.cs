using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Hosting;

/// <summary>
/// The classic fault of an exporter: it observes itself, and sends for ever. All instrumentation is on here, all levels are
/// logged, and the exporter would take whatever a client's request made.
/// </summary>
[Collection(InstrumentationCollection.Name)]
public class FeedbackTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_own_requests_are_neither_traced_nor_logged_and_carry_no_trace(bool hasOwnHandler)
    {
        var activities = new ConcurrentQueue<Activity>();
        var records = new ConcurrentQueue<string>();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix(o =>
                {
                    if (hasOwnHandler)
                        o.HttpMessageHandlerFactory = () => new SocketsHttpHandler();
                })
                .WithTracing(tracing => tracing.AddSource(source.Name).AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation().AddProcessor(new Watching<Activity>(activities.Enqueue)))
                .WithLogging(logging => logging.AddProcessor(new Watching<LogRecord>(r => records.Enqueue(r.CategoryName ?? "")))),
            app => app.MapPost("/checkout", (ILogger<FeedbackTests> log) =>
            {
                using var activity = source.StartActivity("Purchase")!.OfSomeUser();
                log.LogInformation("<@Purchase>");
            }),
            new Dictionary<string, string?>
            {
                ["Metrix:Slugs:POST"] = "fghij",
                ["Metrix:Slugs:System.Net.Http.HttpRequestOut"] = "fghij",
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace);

                // The host's own client logs each request; the exporter's requests must not be among them.
                builder.Services.AddHttpClient();
            });
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(["taqsq", "taqsq"], events.Select(e => e.EventSlug));
        Assert.All(events, e => Assert.DoesNotContain(
            e.Request.Headers, h => h.Key.StartsWith("trace", StringComparison.OrdinalIgnoreCase) || h.Key == "baggage"));
        Assert.DoesNotContain(activities, activity => activity.Source.Name == "System.Net.Http");
        Assert.DoesNotContain(records, category => category.StartsWith("System.Net.Http", StringComparison.Ordinal));
        Assert.Contains(activities, activity => activity.DisplayName == "Purchase");
        Assert.NotEmpty(records);
    }

    private sealed class Watching<T>(Action<T> see) : BaseProcessor<T>
    {
        public override void OnEnd(T data) => see(data);
    }
}
