using System.Collections.Concurrent;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.AspNetCore.Tests.Propagation;

/// <summary>
/// Tests a shop that calls its own order service (localhost) and a third party (127.0.0.1). Both names are this
/// machine, but they are two hosts to the host list.
/// </summary>
public class PropagationTests
{
    private static readonly User Customer = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ids_are_sent_to_listed_hosts_only(bool isInstrumented)
    {
        var thirdPartyHeaders = new ConcurrentQueue<string>();
        await using var thirdParty = await WebShop.StartAsync(_ => { }, app => app.Run(context =>
        {
            thirdPartyHeaders.Enqueue(string.Join("\n", context.Request.Headers.Select(h => $"{h.Key}: {h.Value}")));
            return Task.CompletedTask;
        }));

        // The order service calls the third party too. It must not forward the ids that it received.
        await using var orders = await WebShop.StartAsync(
            builder => Instrument(builder, isInstrumented).UseMetrix(),
            app =>
            {
                app.UseMetrixIdentity();
                app.MapPost("/orders", async (ILogger<PropagationTests> logger) =>
                {
                    logger.LogInformation("<@Purchase>");
                    using var client = new HttpClient();
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();
                });
                app.MapGet("/redirect", () => Results.Redirect(thirdParty.Address.ToString()));
            },
            new() { ["Metrix:Identity:ReadBaggage"] = "true" });
        await using var shop = await WebShop.StartAsync(
            builder => Instrument(builder, isInstrumented),
            app =>
            {
                app.UseMetrixIdentity();
                app.MapPost("/checkout", async () =>
                {
                    Baggage.SetBaggage("campaign", "nowruz");
                    using var client = new HttpClient();
                    var ordersAddress = new Uri($"http://localhost:{orders.Address.Port}");
                    (await client.PostAsync(new Uri(ordersAddress, "/orders"), null)).EnsureSuccessStatusCode();
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();

                    // The ids must be removed even if the application itself adds them to the baggage.
                    Baggage.SetBaggage("metrix.user_id", Customer.UserId);
                    System.Diagnostics.Activity.Current!.AddBaggage("metrix.advertising_id", Customer.AdvertisingId);
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();

                    // The order service redirects this request to the third party.
                    (await client.GetAsync(new Uri(ordersAddress, "/redirect"))).EnsureSuccessStatusCode();
                });
            },
            new() { ["Metrix:Identity:PropagateTo:0"] = "localhost" });
        var response = await shop.Client.SendAsync(Customer.Post("/checkout"), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();

        var received = Assert.Single(await orders.CloseAsync());
        Assert.Equal(
            (Customer.UserId, Customer.SessionId, Customer.AdvertisingId),
            (received.MetrixUserId, received.MetrixSessionId, received.AdvertisingId));
        Assert.Equal(4, thirdPartyHeaders.Count);
        Assert.All(thirdPartyHeaders, headers =>
        {
            Assert.DoesNotContain(Customer.UserId, headers);
            Assert.DoesNotContain(Customer.AdvertisingId, headers);
            Assert.DoesNotContain("metrix.", headers);
        });

        // Other baggage is still sent to every host.
        if (isInstrumented)
            Assert.Contains(thirdPartyHeaders, headers => headers.Contains("campaign=nowruz"));
    }

    [Fact]
    public async Task Incoming_baggage_is_not_read_by_default()
    {
        var identities = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await WebShop.StartAsync(
            builder => Instrument(builder, isInstrumented: true),
            app =>
            {
                app.UseMetrixIdentity();
                app.Run(_ =>
                {
                    identities.Enqueue(MetrixContext.Current);
                    return Task.CompletedTask;
                });
            });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("baggage", "metrix.user_id=u,metrix.session_id=s");
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([null], identities);
    }

    private static OpenTelemetryBuilder Instrument(WebApplicationBuilder builder, bool isInstrumented) =>
        builder.Services.AddOpenTelemetry().WithTracing(tracing =>
        {
            tracing.AddAspNetCoreInstrumentation();
            if (isInstrumented)
                tracing.AddHttpClientInstrumentation();
        });
}
