using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace Metrix.AspNetCore.Tests.Identity;

/// <summary>Tests the identity of events that are emitted during a request or in its jobs.</summary>
public class RequestEventTests
{
    private static readonly User AndroidUser = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_of_a_request_get_the_ids_of_its_headers(bool isSerilog)
    {
        await using var shop = await IdentityShop.StartAsync(isSerilog, app => app.UseMetrixIdentity());
        await shop.Client.SendAsync(AndroidUser.Post("/checkout"), TestContext.Current.CancellationToken);
        await shop.Client.SendAsync(new User(3).Post("/checkout"), TestContext.Current.CancellationToken);

        var events = (await shop.CloseAsync()).ToDictionary(e => e.MetrixUserId);
        var androidEvent = events[AndroidUser.UserId];
        Assert.Equal(
            (AndroidUser.SessionId, AndroidUser.AdvertisingId, null, "127.0.0.1"),
            (androidEvent.MetrixSessionId, androidEvent.AdvertisingId, androidEvent.Idfa, androidEvent.DeviceIp));
        var appleEvent = events[new User(3).UserId];
        Assert.Equal((null, new User(3).AdvertisingId), (appleEvent.AdvertisingId, appleEvent.Idfa));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Concurrent_requests_of_many_users_never_mix_their_ids(bool isSerilog, bool isPoolBusy)
    {
        const int UserCount = 200;
        using var busyPool = isPoolBusy ? new BusyThreadPool() : null;
        await using var shop = await IdentityShop.StartAsync(
            isSerilog,
            app => app.UseMetrixIdentity(),
            async (number, logPurchase) =>
            {
                // The work of each request runs on several threads and contains a scope of another user.
                logPurchase(number);
                await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
                {
                    await Task.Yield();
                    using (MetrixContext.BeginScope(new MetrixIdentity { MetrixUserId = "other" }))
                        await Task.Yield();
                    await Task.Run(() => logPurchase(number));
                }));
                logPurchase(number);
            });
        await Task.WhenAll(Enumerable.Range(0, UserCount).Select(i => shop.Client.SendAsync(
            new User(i).Post($"/checkout?number={i}"), TestContext.Current.CancellationToken)));

        var events = await shop.CloseAsync();
        Assert.Equal(5 * UserCount, events.Count);
        Assert.All(events, e =>
        {
            var user = new User((int)e.CustomMetrics["Number"]);
            Assert.Equal(
                (user.UserId, user.SessionId, user.AdvertisingId),
                (e.MetrixUserId, e.MetrixSessionId, user.IsApple ? e.Idfa : e.AdvertisingId));
        });
    }

    [Fact]
    public async Task The_server_span_gets_the_ids_and_no_other_exporter_sees_them()
    {
        var exported = new List<Activity>();
        await using var shop = await IdentityShop.StartAsync(
            isSerilog: false, app => app.UseMetrixIdentity(),
            settings: new() { ["Metrix:Slugs:POST /checkout"] = "xkcvb" },
            tracing: tracing => tracing.AddInMemoryExporter(exported));
        await shop.Client.SendAsync(AndroidUser.Post("/checkout"), TestContext.Current.CancellationToken);

        var spanEvent = Assert.Single(await shop.CloseAsync(), e => e.EventSlug == "xkcvb");
        Assert.Equal(
            (AndroidUser.UserId, AndroidUser.AdvertisingId, "127.0.0.1"),
            (spanEvent.MetrixUserId, spanEvent.AdvertisingId, spanEvent.DeviceIp));
        var span = Assert.Single(exported, activity => activity.DisplayName == "POST /checkout");
        Assert.DoesNotContain(
            span.TagObjects,
            tag => Equals(tag.Value, AndroidUser.UserId) || tag.Key.StartsWith("metrix", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_kind_of_the_advertising_id_selects_the_app()
    {
        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { ["app-a"] = "key-a", ["app-i"] = "key-i" },
        });
        await using (var shop = await IdentityShop.StartAsync(
            isSerilog: false,
            app => app.UseMetrixIdentity(),
            settings: new()
            {
                ["Metrix:Apps:android:AppId"] = "app-a",
                ["Metrix:Apps:android:DevKey"] = "key-a",
                ["Metrix:Apps:ios:AppId"] = "app-i",
                ["Metrix:Apps:ios:DevKey"] = "key-i",
                ["Metrix:Endpoint"] = emulator.Endpoint.ToString(),
            }))
        {
            await shop.Client.SendAsync(new User(2).Post("/checkout"), TestContext.Current.CancellationToken);
            await shop.Client.SendAsync(new User(3).Post("/checkout"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            [("app-a", new User(2).UserId), ("app-i", new User(3).UserId)],
            emulator.Events.Select(e => (e.Request.AppId, e.MetrixUserId)).Order());
        Assert.Empty(emulator.Rejected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_scope_in_a_request_replaces_the_identity_of_the_request(bool isSerilog)
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await IdentityShop.StartAsync(
            isSerilog, app => app.UseMetrixIdentity(),
            async (_, logPurchase) =>
            {
                await Task.Yield();
                using (MetrixContext.BeginScope(new MetrixIdentity
                {
                    MetrixUserId = "other",
                    MetrixSessionId = "others",
                    Idfa = new User(3).AdvertisingId,
                }))
                {
                    logPurchase(1);
                    using (source.StartActivity("Purchase"))
                    {
                    }
                }
            },
            tracing: tracing => tracing.AddSource(source.Name));
        await shop.Client.SendAsync(AndroidUser.Post("/checkout"), TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(isSerilog ? 1 : 2, events.Count);
        Assert.All(events, e => Assert.Equal(
            ("other", "others", null, new User(3).AdvertisingId, null),
            (e.MetrixUserId, e.MetrixSessionId, e.AdvertisingId, e.Idfa, e.DeviceIp)));
    }

    [Fact]
    public async Task A_job_that_runs_after_its_request_restores_the_identity_from_JSON()
    {
        var jobs = new ConcurrentQueue<string>();
        await using var shop = await IdentityShop.StartAsync(
            isSerilog: true, app => app.UseMetrixIdentity(),
            (_, _) =>
            {
                jobs.Enqueue(MetrixContext.Current!.ToJson());
                return Task.CompletedTask;
            });
        await shop.Client.SendAsync(AndroidUser.Post("/checkout"), TestContext.Current.CancellationToken);
        Assert.Null(MetrixContext.Current);
        Assert.Empty(shop.Emulator.Events);

        using (MetrixContext.BeginScope(MetrixIdentity.FromJson(Assert.Single(jobs))))
            shop.Services.GetRequiredService<ILogger<RequestEventTests>>().LogInformation("<@Purchase> {Number}", 7);
        var jobEvent = Assert.Single(await shop.CloseAsync());
        Assert.Equal((AndroidUser.UserId, AndroidUser.AdvertisingId), (jobEvent.MetrixUserId, jobEvent.AdvertisingId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_a_request_started_runs_each_job_with_the_identity_of_the_job(bool isSerilog)
    {
        var jobs = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Task? worker = null;
        await using var shop = await IdentityShop.StartAsync(
            isSerilog, app => app.UseMetrixIdentity(),
            (_, logPurchase) =>
            {
                worker ??= Task.Run(async () =>
                {
                    await foreach (var job in jobs.Reader.ReadAllAsync())
                    {
                        using (MetrixContext.BeginScope(MetrixIdentity.FromJson(job)))
                            logPurchase(0);
                    }
                });
                jobs.Writer.TryWrite(MetrixContext.Current!.ToJson());
                return Task.CompletedTask;
            });
        for (var i = 2; i < 5; i++)
            await shop.Client.SendAsync(new User(i).Post("/checkout"), TestContext.Current.CancellationToken);
        jobs.Writer.Complete();
        await worker!;

        Assert.Equal(
            Enumerable.Range(2, 3).Select(i => new User(i).UserId),
            (await shop.CloseAsync()).Select(e => e.MetrixUserId).Order());
    }
}
