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
/// Tests that the exporter does not observe its own requests, which would cause an endless loop. The tests enable all
/// instrumentation and all log levels, and map the names that an observed request would have.
/// </summary>
[Collection(InstrumentationCollection.Name)]
public class FeedbackTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_of_the_exporter_are_neither_traced_nor_logged_and_carry_no_trace_headers(
        bool hasCustomHandler)
    {
        var activities = new ConcurrentQueue<Activity>();
        var categories = new ConcurrentQueue<string>();
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await TracedShop.StartAsync(
            telemetry => telemetry
                .UseMetrix(o =>
                {
                    if (hasCustomHandler)
                        o.HttpMessageHandlerFactory = () => new SocketsHttpHandler();
                })
                .WithTracing(tracing => tracing.AddSource(source.Name).AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation().AddProcessor(new CallbackProcessor<Activity>(activities.Enqueue)))
                .WithLogging(logging => logging.AddProcessor(
                    new CallbackProcessor<LogRecord>(record => categories.Enqueue(record.CategoryName ?? "")))),
            app => app.MapPost("/checkout", (ILogger<FeedbackTests> logger) =>
            {
                using var activity = source.StartActivity("Purchase")!.WithIdentity();
                logger.LogInformation("<@Purchase>");
            }),
            new Dictionary<string, string?>
            {
                ["Metrix:Slugs:POST"] = "fghij",
                ["Metrix:Slugs:System.Net.Http.HttpRequestOut"] = "fghij",
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Trace);

                // HttpClientFactory logs each request. The exporter's requests must not be among them.
                builder.Services.AddHttpClient();
            });
        await shop.Client.PostAsync("/checkout", null, TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(["taqsq", "taqsq"], events.Select(e => e.EventSlug));
        Assert.All(events, e => Assert.DoesNotContain(
            e.Request.Headers,
            h => h.Key.StartsWith("trace", StringComparison.OrdinalIgnoreCase) || h.Key == "baggage"));
        Assert.DoesNotContain(activities, activity => activity.Source.Name == "System.Net.Http");
        Assert.DoesNotContain(categories, category => category.StartsWith("System.Net.Http", StringComparison.Ordinal));
        Assert.Contains(activities, activity => activity.DisplayName == "Purchase");
        Assert.NotEmpty(categories);
    }

    private sealed class CallbackProcessor<T>(Action<T> onEnd) : BaseProcessor<T>
    {
        public override void OnEnd(T data) => onEnd(data);
    }
}
