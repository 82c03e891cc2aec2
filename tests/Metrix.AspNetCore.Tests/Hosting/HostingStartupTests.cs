using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using Metrix.AspNetCore.Hosting;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Metrix.AspNetCore.Tests.Hosting;

/// <summary>
/// Tests the hosting startup in a separate program that has no reference to Metrix or OpenTelemetry in its code.
/// </summary>
public class HostingStartupTests
{
    [Fact]
    public async Task Environment_variables_alone_enable_the_exporter_and_the_identity()
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["your-app-id"] = "your-dev-key" } });
        await using (var app = await PlainApp.StartAsync(
            ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Metrix.AspNetCore"),
            ("Metrix__AppId", "your-app-id"),
            ("Metrix__DevKey", "your-dev-key"),
            ("Metrix__Endpoint", emulator.Endpoint.ToString()),
            ("Metrix__Slugs__Purchase", "taqsq"),
            ("Metrix__Slugs__POST /checkout__Slug", "xkcvb"),
            ("Metrix__Slugs__POST /checkout__When__http.response.status_code", "200..299")))
        {
            await app.Client.SendAsync(new User(2).Post("/checkout?amount=5"), TestContext.Current.CancellationToken);
            await app.Client.SendAsync(new User(3).Post("/checkout?amount=0"), TestContext.Current.CancellationToken);
            await app.StopAsync();
        }

        Assert.Equal(
            [("taqsq", new User(2).UserId), ("xkcvb", new User(2).UserId)],
            emulator.Events.Select(e => (e.EventSlug, e.MetrixUserId)).Order());
        Assert.Equal("Tehran", emulator.Events.Single(e => e.EventSlug == "taqsq").CustomAttributes["Shop"]);
        Assert.Empty(emulator.Rejected);
    }

    [Fact]
    public async Task Configured_sources_are_traced_and_the_device_IP_is_the_forwarded_address()
    {
        await using var emulator = await TestEmulator.StartAsync();
        await using (var app = await PlainApp.StartAsync(
            ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Metrix.AspNetCore"),
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
            ("Metrix__AppId", "your-app-id"),
            ("Metrix__DevKey", "your-dev-key"),
            ("Metrix__Endpoint", emulator.Endpoint.ToString()),
            ("Metrix__Sources__0", "Shop"),
            ("Metrix__Slugs__confirm payment", "abcde")))
        {
            var request = new User(2).Post("/checkout?amount=5");
            request.Headers.Add("X-Forwarded-For", "198.51.100.7");
            await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await app.StopAsync();
        }

        Assert.Equal(
            [("Purchase", "198.51.100.7"), ("abcde", "198.51.100.7")],
            emulator.Events.Select(e => (e.EventSlug, e.DeviceIp!)).OrderBy(e => e.EventSlug, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_setup_in_code_is_not_duplicated_and_takes_precedence(bool isAnonymous)
    {
        var identities = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await WebShop.StartAsync(
            builder =>
            {
                new MetrixHostingStartup().Configure(builder.WebHost);
                builder.Services.AddOpenTelemetry()
                    .UseMetrix()
                    .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation());
            },
            app =>
            {
                app.Use((context, next) =>
                {
                    if (!isAnonymous)
                        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("uid", "c1")]));
                    return next();
                });
                app.UseMetrixIdentity(o =>
                {
                    o.UserIdHeader = o.SessionIdHeader = o.AdvertisingIdHeader = o.IdfaHeader = null;
                    o.IncludeDeviceIp = false;
                    o.UserIdClaim = "uid";
                    o.ReadBaggage = !isAnonymous;
                });
                app.MapPost("/checkout", (ILogger<HostingStartupTests> logger) =>
                {
                    identities.Enqueue(MetrixContext.Current);
                    var identity = new MetrixIdentity { MetrixUserId = "u", MetrixSessionId = "s", Idfa = "i" };
                    using (MetrixContext.BeginScope(identity))
                        logger.LogInformation("<@Purchase>");
                });
            });
        var request = new User(2).Post("/checkout");
        request.Headers.Add("baggage", "metrix.session_id=s9");
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Single(await shop.CloseAsync());
        var identity = Assert.Single(identities);
        if (isAnonymous)
        {
            Assert.Null(identity);
        }
        else
        {
            Assert.Equal(
                ("c1", "s9", null, null),
                (identity!.MetrixUserId, identity.MetrixSessionId, identity.AdvertisingId, identity.DeviceIp));
        }
    }

    [Fact]
    public async Task The_hosting_startup_changes_nothing_without_a_section()
    {
        await using var app = await PlainApp.StartAsync(("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Metrix.AspNetCore"));
        var response = await app.Client.SendAsync(
            new User(2).Post("/checkout?amount=5"), TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        await app.StopAsync();
    }

    private sealed class PlainApp : IAsyncDisposable
    {
        private readonly ChildProcess _process;

        private PlainApp(ChildProcess process, Uri address)
        {
            _process = process;
            Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
            {
                BaseAddress = address,
            };
        }

        public HttpClient Client { get; }

        public static async Task<PlainApp> StartAsync(params (string Name, string Value)[] environment)
        {
            var process = ChildProcess.Start(
                "Metrix.AspNetCore.PlainApp", ["--urls", "http://127.0.0.1:0"], environment);
            var address = new Uri(await process.ReadUntilAsync("Now listening on: "));

            // Read the rest of the output. Otherwise the pipe fills up and the process blocks.
            _ = process.ReadToEndAsync();
            return new PlainApp(process, address);
        }

        public Task<int> StopAsync() => _process.TerminateAsync();

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            return _process.DisposeAsync();
        }
    }
}
