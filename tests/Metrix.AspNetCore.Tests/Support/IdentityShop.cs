using System.Collections.Concurrent;
using Metrix.Client;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Serilog;

namespace Metrix.AspNetCore.Tests.Support;

/// <summary>Starts a web application for tests of the identity of requests.</summary>
internal static class IdentityShop
{
    /// <summary>Starts an application with an endpoint <c>/checkout</c> that logs a purchase.</summary>
    /// <param name="isSerilog">Whether Serilog or OpenTelemetry receives the log records.</param>
    /// <param name="pipeline">Adds the middleware of the application.</param>
    /// <param name="work">Replaces the work of the checkout. It gets the number of the request and a delegate that logs
    /// a purchase with a number.</param>
    /// <param name="settings">Adds settings to the configuration.</param>
    /// <param name="tracing">Configures tracing.</param>
    public static Task<WebShop> StartAsync(
        bool isSerilog,
        Action<WebApplication> pipeline,
        Func<int, Action<int>, Task>? work = null,
        Dictionary<string, string?>? settings = null,
        Action<TracerProviderBuilder>? tracing = null) =>
        WebShop.StartAsync(
            builder =>
            {
                if (isSerilog)
                {
                    builder.Services.AddSerilog(logger => logger.WriteTo.Metrix(configuration: builder.Configuration));
                }
                else
                {
                    builder.Services.AddOpenTelemetry().UseMetrix()
                        .WithTracing(t => tracing?.Invoke(t.AddAspNetCoreInstrumentation()));
                }
            },
            app =>
            {
                pipeline(app);
                app.MapPost("/checkout", async (int? number, ILogger<WebShop> logger) =>
                {
                    void LogPurchase(int n) => logger.LogInformation("<@Purchase> {Number}", n);
                    if (work is null)
                        LogPurchase(number ?? 0);
                    else
                        await work(number ?? 0, LogPurchase);
                });
            },
            settings);

    /// <summary>Sends a request and returns the ambient identity that its endpoint sees.</summary>
    /// <param name="pipeline">Adds the middleware of the application.</param>
    /// <param name="request">The request.</param>
    /// <param name="settings">Adds settings to the configuration.</param>
    public static async Task<MetrixIdentity?> ReadIdentityAsync(
        Action<WebApplication> pipeline, HttpRequestMessage request, Dictionary<string, string?>? settings = null)
    {
        var identities = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await StartAsync(
            isSerilog: false,
            app =>
            {
                pipeline(app);
                app.Run(_ =>
                {
                    identities.Enqueue(MetrixContext.Current);
                    return Task.CompletedTask;
                });
            },
            settings: settings);
        (await shop.Client.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return Assert.Single(identities);
    }
}
