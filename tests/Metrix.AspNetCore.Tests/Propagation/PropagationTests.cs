using System.Collections.Concurrent;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.AspNetCore.Tests.Propagation;

/// <summary>
/// A shop asks a service of its own (localhost) and a third party (127.0.0.1): two names of one machine, which are two hosts
/// to a list of names.
/// </summary>
public class PropagationTests
{
    private static readonly User Customer = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_ids_reach_ones_own_service_and_no_other(bool isInstrumented)
    {
        var toOthers = new ConcurrentQueue<string>();
        await using var thirdParty = await WebShop.StartAsync(_ => { }, app => app.Run(context =>
        {
            toOthers.Enqueue(string.Join("\n", context.Request.Headers.Select(h => $"{h.Key}: {h.Value}")));
            return Task.CompletedTask;
        }));

        // The second service asks the third party too: what came in must not go on from it.
        await using var orders = await WebShop.StartAsync(
            builder => Instrument(builder, isInstrumented).UseMetrix(),
            app =>
            {
                app.UseMetrixIdentity();
                app.MapPost("/orders", async (ILogger<PropagationTests> log) =>
                {
                    log.LogInformation("<@Purchase>");
                    using var client = new HttpClient();
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();
                });
                app.MapGet("/away", () => Results.Redirect(thirdParty.Address.ToString()));
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
                    (await client.PostAsync(new Uri($"http://localhost:{orders.Address.Port}/orders"), null)).EnsureSuccessStatusCode();
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();

                    // Whoever put them into the baggage.
                    Baggage.SetBaggage("metrix.user_id", Customer.UserId);
                    System.Diagnostics.Activity.Current!.AddBaggage("metrix.advertising_id", Customer.AdvertisingId);
                    (await client.GetAsync(thirdParty.Address)).EnsureSuccessStatusCode();

                    // Its own service sends it on to the third party.
                    (await client.GetAsync(new Uri($"http://localhost:{orders.Address.Port}/away"))).EnsureSuccessStatusCode();
                });
            },
            new() { ["Metrix:Identity:PropagateTo:0"] = "localhost" });
        (await shop.Client.SendAsync(Customer.Post("/checkout"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var received = Assert.Single(await orders.CloseAsync());
        Assert.Equal(
            (Customer.UserId, Customer.SessionId, Customer.AdvertisingId),
            (received.MetrixUserId, received.MetrixSessionId, received.AdvertisingId));
        Assert.Equal(4, toOthers.Count);
        Assert.All(toOthers, headers =>
        {
            Assert.DoesNotContain(Customer.UserId, headers);
            Assert.DoesNotContain(Customer.AdvertisingId, headers);
            Assert.DoesNotContain("metrix.", headers);
        });

        // Baggage that is none of Metrix's goes where it always went.
        if (isInstrumented)
            Assert.Contains(toOthers, headers => headers.Contains("campaign=nowruz"));
    }

    [Fact]
    public async Task What_came_in_is_not_believed_unless_the_service_says_so()
    {
        var seen = new ConcurrentQueue<Client.MetrixIdentity?>();
        await using var shop = await WebShop.StartAsync(
            builder => Instrument(builder, isInstrumented: true),
            app =>
            {
                app.UseMetrixIdentity();
                app.Run(_ =>
                {
                    seen.Enqueue(Client.MetrixContext.Current);
                    return Task.CompletedTask;
                });
            });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("baggage", "metrix.user_id=u,metrix.session_id=s");
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([null], seen);
    }

    private static IOpenTelemetryBuilder Instrument(WebApplicationBuilder builder, bool isInstrumented) =>
        builder.Services.AddOpenTelemetry().WithTracing(tracing =>
        {
            tracing.AddAspNetCoreInstrumentation();
            if (isInstrumented)
                tracing.AddHttpClientInstrumentation();
        });
}
