using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Serilog;

namespace Metrix.AspNetCore.Tests.Identity;

public class MiddlewareTests
{
    private static readonly User Android = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_of_a_request_belong_to_whom_its_headers_name(bool isSerilog)
    {
        await using var shop = await StartAsync(isSerilog, app => app.UseMetrixIdentity());
        await shop.Client.SendAsync(Android.Post("/checkout"), TestContext.Current.CancellationToken);
        await shop.Client.SendAsync(new User(3).Post("/checkout"), TestContext.Current.CancellationToken);

        var events = (await shop.CloseAsync()).ToDictionary(e => e.MetrixUserId);
        var android = events[Android.UserId];
        Assert.Equal(
            (Android.SessionId, Android.AdvertisingId, null, "127.0.0.1"),
            (android.MetrixSessionId, android.AdvertisingId, android.Idfa, android.DeviceIp));
        var apple = events[new User(3).UserId];
        Assert.Equal((null, new User(3).AdvertisingId), (apple.AdvertisingId, apple.Idfa));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task No_event_of_many_users_at_once_carries_anothers_ids(bool isSerilog, bool isPoolBusy)
    {
        const int Users = 200;
        using var busy = isPoolBusy ? new BusyPool() : null;
        await using var shop = await StartAsync(
            isSerilog,
            app => app.UseMetrixIdentity(),
            async (number, log) =>
            {
                // Work that is spread over threads, with a part for somebody else in its midst.
                log(number);
                await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
                {
                    await Task.Yield();
                    using (MetrixContext.BeginScope(new MetrixIdentity { MetrixUserId = "nobody" }))
                        await Task.Yield();
                    await Task.Run(() => log(number));
                }));
                log(number);
            });
        await Task.WhenAll(Enumerable.Range(0, Users).Select(
            i => shop.Client.SendAsync(new User(i).Post($"/checkout?number={i}"), TestContext.Current.CancellationToken)));

        var events = await shop.CloseAsync();
        Assert.Equal(5 * Users, events.Count);
        Assert.All(events, one =>
        {
            var user = new User((int)one.CustomMetrics["Number"]);
            Assert.Equal(
                (user.UserId, user.SessionId, user.AdvertisingId),
                (one.MetrixUserId, one.MetrixSessionId, user.IsApple ? one.Idfa : one.AdvertisingId));
        });
    }

    [Fact]
    public async Task The_server_span_belongs_to_him_too_and_no_other_exporter_sees_it()
    {
        var exported = new List<Activity>();
        await using var shop = await StartAsync(
            isSerilog: false, app => app.UseMetrixIdentity(),
            settings: new() { ["Metrix:Slugs:POST /checkout"] = "xkcvb" },
            tracing: tracing => tracing.AddInMemoryExporter(exported));
        await shop.Client.SendAsync(Android.Post("/checkout"), TestContext.Current.CancellationToken);

        var span = Assert.Single(await shop.CloseAsync(), e => e.EventSlug == "xkcvb");
        Assert.Equal((Android.UserId, Android.AdvertisingId, "127.0.0.1"), (span.MetrixUserId, span.AdvertisingId, span.DeviceIp));
        var seen = Assert.Single(exported, activity => activity.DisplayName == "POST /checkout");
        Assert.DoesNotContain(seen.TagObjects, tag => Equals(tag.Value, Android.UserId) || tag.Key.StartsWith("metrix", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> BadHeaders => new()
    {
        { "X-Metrix-User-Id", "u\"; DROP TABLE users" },
        { "X-Metrix-User-Id", new string('9', 129) },
        { "X-Metrix-User-Id", "" },
        { "X-Metrix-User-Id", "کاربر" },
        { "X-Metrix-Session-Id", "a,b" },
        { "X-Metrix-Session-Id", "<script>" },
        { "X-Metrix-Advertising-Id", "38400000-8cf0-11bd-b23e-10b96e40000" },
        { "X-Metrix-Advertising-Id", "3840000x-8cf0-11bd-b23e-10b96e40000d" },
        { "X-Metrix-Advertising-Id", "{38400000-8cf0-11bd-b23e-10b96e40000d}" },
        { "X-Metrix-Idfa", new string('a', 4_000) },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public async Task A_header_of_no_known_shape_is_ignored_and_counted(string header, string value)
    {
        using var ignored = new Ignored();
        var seen = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await StartAsync(
            isSerilog: false,
            app =>
            {
                app.Use((_, next) =>
                {
                    ignored.Mark();
                    return next();
                });
                app.UseMetrixIdentity();

                // A second one, as behind authentication, counts nothing again.
                app.UseMetrixIdentity();
                app.Run(_ =>
                {
                    seen.Enqueue(MetrixContext.Current);
                    return Task.CompletedTask;
                });
            });
        var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.TryAddWithoutValidation(header, value);
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([null], seen);
        var field = header switch
        {
            "X-Metrix-User-Id" => "metrixUserId",
            "X-Metrix-Session-Id" => "metrixSessionId",
            "X-Metrix-Idfa" => "idfa",
            _ => "advertisingId",
        };
        Assert.Equal([$"{field}/header"], ignored.Counted);
    }

    [Fact]
    public async Task A_header_that_comes_twice_is_not_believed()
    {
        var seen = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await StartAsync(isSerilog: false, app =>
        {
            app.UseMetrixIdentity();
            app.Run(_ =>
            {
                seen.Enqueue(MetrixContext.Current);
                return Task.CompletedTask;
            });
        });
        var request = Android.Post("/");
        request.Headers.Add("X-Metrix-User-Id", "another");
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var identity = Assert.Single(seen);
        Assert.Equal((null, Android.SessionId), (identity!.MetrixUserId, identity.MetrixSessionId));
    }

    [Fact]
    public async Task Names_claims_and_a_source_of_ones_own_are_set_in_configuration_and_code()
    {
        var seen = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await StartAsync(
            isSerilog: false,
            app =>
            {
                app.Use((context, next) =>
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("mx_session", "of-the-claim"), new Claim("mx_idfa", "no id")]));
                    return next();
                });
                app.UseMetrixIdentity(o => o.Resolve = _ => new MetrixIdentity { DeviceIp = "192.0.2.7", App = "android" });
                app.Run(_ =>
                {
                    seen.Enqueue(MetrixContext.Current);
                    return Task.CompletedTask;
                });
            },
            settings: new()
            {
                ["Metrix:Identity:UserIdHeader"] = "X-My-User",
                ["Metrix:Identity:SessionIdClaim"] = "mx_session",
                ["Metrix:Identity:IdfaClaim"] = "mx_idfa",
                ["Metrix:Identity:AdvertisingIdHeader"] = "",
            });
        var request = Android.Post("/");
        request.Headers.Add("X-My-User", "mine");
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var identity = Assert.Single(seen)!;
        Assert.Equal(
            ("mine", "of-the-claim", null, null, "192.0.2.7", "android"),
            (identity.MetrixUserId, identity.MetrixSessionId, identity.AdvertisingId, identity.Idfa, identity.DeviceIp, identity.App));
    }

    [Fact]
    public async Task The_clients_address_comes_through_forwarded_headers_and_can_be_left_out()
    {
        var seen = new ConcurrentQueue<string?>();
        foreach (var include in new[] { true, false })
        {
            await using var shop = await StartAsync(isSerilog: false, app =>
            {
                app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                app.UseMetrixIdentity(o => o.IncludeDeviceIp = include);
                app.Run(_ =>
                {
                    seen.Enqueue(MetrixContext.Current!.DeviceIp);
                    return Task.CompletedTask;
                });
            });
            var request = Android.Post("/");
            request.Headers.Add("X-Forwarded-For", "198.51.100.7");
            await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["198.51.100.7", null], seen);
    }

    [Fact]
    public async Task A_job_that_runs_when_its_request_is_gone_belongs_to_who_asked_for_it()
    {
        var jobs = new ConcurrentQueue<string>();
        await using var shop = await StartAsync(
            isSerilog: true, app => app.UseMetrixIdentity(),
            (_, _) =>
            {
                jobs.Enqueue(MetrixContext.Current!.ToJson());
                return Task.CompletedTask;
            });
        await shop.Client.SendAsync(Android.Post("/checkout"), TestContext.Current.CancellationToken);
        Assert.Null(MetrixContext.Current);
        Assert.Empty(shop.Emulator.Events);

        using (MetrixContext.BeginScope(MetrixIdentity.FromJson(Assert.Single(jobs))))
            shop.Services.GetRequiredService<ILogger<MiddlewareTests>>().LogInformation("<@Purchase> {Number}", 7);
        var done = Assert.Single(await shop.CloseAsync());
        Assert.Equal((Android.UserId, Android.AdvertisingId), (done.MetrixUserId, done.AdvertisingId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_pushed_in_a_request_counts_before_whom_it_is_from(bool isSerilog)
    {
        using var source = new ActivitySource($"Shop-{Guid.NewGuid():N}");
        await using var shop = await StartAsync(
            isSerilog, app => app.UseMetrixIdentity(),
            async (_, log) =>
            {
                await Task.Yield();
                using (MetrixContext.BeginScope(new MetrixIdentity { MetrixUserId = "other", MetrixSessionId = "others", Idfa = new User(3).AdvertisingId }))
                {
                    log(1);
                    using (source.StartActivity("Purchase"))
                    {
                    }
                }
            },
            tracing: tracing => tracing.AddSource(source.Name));
        await shop.Client.SendAsync(Android.Post("/checkout"), TestContext.Current.CancellationToken);

        var events = await shop.CloseAsync();
        Assert.Equal(isSerilog ? 1 : 2, events.Count);
        Assert.All(events, e => Assert.Equal(
            ("other", "others", null, new User(3).AdvertisingId, null),
            (e.MetrixUserId, e.MetrixSessionId, e.AdvertisingId, e.Idfa, e.DeviceIp)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_a_request_started_does_each_job_for_its_own_user(bool isSerilog)
    {
        var jobs = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Task? worker = null;
        await using var shop = await StartAsync(
            isSerilog, app => app.UseMetrixIdentity(),
            (_, log) =>
            {
                worker ??= Task.Run(async () =>
                {
                    await foreach (var job in jobs.Reader.ReadAllAsync())
                    {
                        using (MetrixContext.BeginScope(MetrixIdentity.FromJson(job)))
                            log(0);
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
            Enumerable.Range(2, 3).Select(i => new User(i).UserId), (await shop.CloseAsync()).Select(e => e.MetrixUserId).Order());
    }

    [Fact]
    public async Task A_header_adds_no_platform_to_that_of_a_claim()
    {
        var identity = await IdentityOfAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("adid", Android.AdvertisingId)]));
                    return next();
                });
                app.UseMetrixIdentity(o => o.AdvertisingIdClaim = "adid");
            },
            new User(3).Post("/"));

        Assert.Equal((Android.AdvertisingId, null), (identity!.AdvertisingId, identity.Idfa));
    }

    [Fact]
    public async Task A_source_of_ones_own_that_throws_costs_no_request_and_no_other_source()
    {
        var identity = await IdentityOfAsync(
            app => app.UseMetrixIdentity(o => o.Resolve = _ => throw new InvalidOperationException("the application's own")),
            Android.Post("/"));

        Assert.Equal(Android.UserId, identity!.MetrixUserId);
    }

    [Fact]
    public async Task Headers_count_before_baggage_and_baggage_fills_what_they_lack()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Metrix-User-Id", "of-the-header");
        request.Headers.Add("baggage", "metrix.user_id=of-the-baggage,metrix.session_id=s,metrix.app=ios");
        var identity = await IdentityOfAsync(app => app.UseMetrixIdentity(o => o.ReadBaggage = true), request);

        Assert.Equal(("of-the-header", "s", "ios"), (identity!.MetrixUserId, identity.MetrixSessionId, identity.App));
    }

    [Fact]
    public async Task Ids_that_came_in_baggage_are_taken_out_of_it_however_often_and_however_written()
    {
        var left = new ConcurrentQueue<string>();
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("baggage", "metrix.user_id=v1,metrix.user_id=v1,Metrix.Session_Id=s9,metrix.advertising_id=x,keep=1");
        await IdentityOfAsync(
            app =>
            {
                app.UseMetrixIdentity(o => o.Resolve = _ => throw new InvalidOperationException());
                app.Use((_, next) =>
                {
                    foreach (var (key, _) in Activity.Current!.Baggage)
                        left.Enqueue(key);
                    foreach (var (key, _) in Baggage.Current)
                        left.Enqueue(key);
                    return next();
                });
            },
            request);

        Assert.All(left, key => Assert.Equal("keep", key));
        Assert.NotEmpty(left);
    }

    [Theory]
    [InlineData("0x345678-1234-1234-1234-123456789012")]
    [InlineData("+1345678-1234-1234-1234-123456789012")]
    [InlineData("12345678-0x34-+123-1234-123456789012")]
    [InlineData("12345678-1234-1234-1234-12345678901g")]
    public async Task What_only_a_lenient_parser_takes_for_an_advertising_id_is_none(string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Metrix-Advertising-Id", value);

        Assert.Null(await IdentityOfAsync(app => app.UseMetrixIdentity(), request));
    }

    [Fact]
    public async Task Two_apps_are_told_apart_by_the_phone()
    {
        await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { ["app-a"] = "key-a", ["app-i"] = "key-i" },
        });
        await using (var shop = await StartAsync(isSerilog: false, app => app.UseMetrixIdentity(), settings: new()
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
    [InlineData("Metrix:Identity:UserIdHeadr", "x", "Did you mean \"UserIdHeader\"?")]
    [InlineData("Metrix:Identity:ReadBaggage", "yes", "\"ReadBaggage\": true")]
    [InlineData("Metrix:Identity:PropagateTo", "orders.internal", "[ \"orders.internal\" ]")]
    [InlineData("Metrix:Identity:PropagateTo:0", "*", "\"*\" is no name of a host")]
    [InlineData("Metrix:Identity:PropagateTo:0", "*.com", "\"*.com\" is no name of a host")]
    [InlineData("Metrix:Identity:PropagateTo:0", "https://orders.internal", "is no name of a host")]
    [InlineData("Metrix:Identity:PropagateTo:0", "", "is no name of a host")]
    public async Task Bad_settings_throw_when_the_application_is_built(string key, string value, string said)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[key] = value;
        await using var app = builder.Build();

        Assert.Contains(said, Assert.Throws<ArgumentException>(() => app.UseMetrixIdentity()).Message);
    }

    /// <summary>Whom a request is from, as its endpoint sees it.</summary>
    private static async Task<MetrixIdentity?> IdentityOfAsync(Action<WebApplication> pipeline, HttpRequestMessage request)
    {
        var seen = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await StartAsync(isSerilog: false, app =>
        {
            pipeline(app);
            app.Run(_ =>
            {
                seen.Enqueue(MetrixContext.Current);
                return Task.CompletedTask;
            });
        });
        (await shop.Client.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return Assert.Single(seen);
    }

    /// <param name="isSerilog">Which front end takes the events.</param>
    /// <param name="pipeline">The application's middleware.</param>
    /// <param name="work">What the checkout does; it is given the number of the request and how to tell of a purchase.</param>
    /// <param name="settings">What its configuration has more.</param>
    /// <param name="tracing">What tracing has more.</param>
    private static Task<WebShop> StartAsync(
        bool isSerilog, Action<WebApplication> pipeline, Func<int, Action<int>, Task>? work = null,
        Dictionary<string, string?>? settings = null, Action<TracerProviderBuilder>? tracing = null) =>
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
                app.MapPost("/checkout", async (int? number, ILogger<MiddlewareTests> logger) =>
                {
                    void Log(int n) => logger.LogInformation("<@Purchase> {Number}", n);
                    if (work is null)
                        Log(number ?? 0);
                    else
                        await work(number ?? 0, Log);
                });
            },
            settings);

    /// <summary>Keeps the threads of the pool busy with small pieces of work.</summary>
    private sealed class BusyPool : IDisposable
    {
        private volatile bool _isDone;

        public BusyPool()
        {
            for (var i = 0; i < 8; i++)
                Again();
        }

        public void Dispose() => _isDone = true;

        private void Again() => ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            Thread.SpinWait(20_000);
            if (!_isDone)
                Again();
        }, null);
    }
}
