using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using OpenTelemetry;

namespace Metrix.AspNetCore.Tests.Identity;

/// <summary>Tests the sources of ids, their precedence and their settings.</summary>
public class IdentitySourceTests
{
    private static readonly User AndroidUser = new(2);

    [Fact]
    public async Task Headers_claims_and_Resolve_are_set_in_configuration_and_code()
    {
        var request = AndroidUser.Post("/");
        request.Headers.Add("X-My-User", "mine");
        var identity = await IdentityShop.ReadIdentityAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity(
                        [new Claim("mx_session", "of-the-claim"), new Claim("mx_idfa", "no id")]));
                    return next();
                });
                app.UseMetrixIdentity(
                    o => o.Resolve = _ => new MetrixIdentity { DeviceIp = "192.0.2.7", App = "android" });
            },
            request,
            new()
            {
                ["Metrix:Identity:UserIdHeader"] = "X-My-User",
                ["Metrix:Identity:SessionIdClaim"] = "mx_session",
                ["Metrix:Identity:IdfaClaim"] = "mx_idfa",
                ["Metrix:Identity:AdvertisingIdHeader"] = "",
            });

        Assert.Equal(
            ("mine", "of-the-claim", null, null, "192.0.2.7", "android"),
            (identity!.MetrixUserId, identity.MetrixSessionId, identity.AdvertisingId,
                identity.Idfa, identity.DeviceIp, identity.App));
    }

    [Fact]
    public async Task The_device_IP_is_the_forwarded_address_unless_IncludeDeviceIp_is_false()
    {
        var addresses = new ConcurrentQueue<string?>();
        foreach (var includesDeviceIp in new[] { true, false })
        {
            await using var shop = await IdentityShop.StartAsync(isSerilog: false, app =>
            {
                app.UseForwardedHeaders(
                    new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                app.UseMetrixIdentity(o => o.IncludeDeviceIp = includesDeviceIp);
                app.Run(_ =>
                {
                    addresses.Enqueue(MetrixContext.Current!.DeviceIp);
                    return Task.CompletedTask;
                });
            });
            var request = AndroidUser.Post("/");
            request.Headers.Add("X-Forwarded-For", "198.51.100.7");
            await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["198.51.100.7", null], addresses);
    }

    [Fact]
    public async Task An_advertising_id_from_a_claim_excludes_the_one_from_a_header()
    {
        var identity = await IdentityShop.ReadIdentityAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    context.User = new ClaimsPrincipal(
                        new ClaimsIdentity([new Claim("adid", AndroidUser.AdvertisingId)]));
                    return next();
                });
                app.UseMetrixIdentity(o => o.AdvertisingIdClaim = "adid");
            },
            new User(3).Post("/"));

        Assert.Equal((AndroidUser.AdvertisingId, null), (identity!.AdvertisingId, identity.Idfa));
    }

    [Fact]
    public async Task An_exception_in_Resolve_affects_neither_the_request_nor_other_sources()
    {
        var identity = await IdentityShop.ReadIdentityAsync(
            app => app.UseMetrixIdentity(o => o.Resolve = _ => throw new InvalidOperationException()),
            AndroidUser.Post("/"));

        Assert.Equal(AndroidUser.UserId, identity!.MetrixUserId);
    }

    [Theory]
    [InlineData("Metrix:Identity:UserIdHeadr", "x", "Did you mean \"UserIdHeader\"?")]
    [InlineData("Metrix:Identity:ReadBaggage", "yes", "\"ReadBaggage\": true")]
    [InlineData("Metrix:Identity:PropagateTo", "orders.internal", "[ \"orders.internal\" ]")]
    [InlineData("Metrix:Identity:PropagateTo:0", "*", "\"*\" is not a host name")]
    [InlineData("Metrix:Identity:PropagateTo:0", "*.com", "\"*.com\" is not a host name")]
    [InlineData("Metrix:Identity:PropagateTo:0", "https://orders.internal", "is not a host name")]
    [InlineData("Metrix:Identity:PropagateTo:0", "", "is not a host name")]
    public async Task Invalid_settings_throw_when_the_middleware_is_added(string key, string value, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[key] = value;
        await using var app = builder.Build();

        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => app.UseMetrixIdentity()).Message);
    }

    [Fact]
    public async Task Headers_override_baggage_and_baggage_supplies_missing_ids()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Metrix-User-Id", "of-the-header");
        request.Headers.Add("baggage", "metrix.user_id=of-the-baggage,metrix.session_id=s,metrix.app=ios");
        var identity = await IdentityShop.ReadIdentityAsync(
            app => app.UseMetrixIdentity(o => o.ReadBaggage = true), request);

        Assert.Equal(("of-the-header", "s", "ios"), (identity!.MetrixUserId, identity.MetrixSessionId, identity.App));
    }

    [Fact]
    public async Task Repeated_ids_in_any_case_are_removed_from_incoming_baggage()
    {
        var remainingKeys = new ConcurrentQueue<string>();
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add(
            "baggage", "metrix.user_id=v1,metrix.user_id=v1,Metrix.Session_Id=s9,metrix.advertising_id=x,keep=1");
        await IdentityShop.ReadIdentityAsync(
            app =>
            {
                app.UseMetrixIdentity(o => o.Resolve = _ => throw new InvalidOperationException());
                app.Use((_, next) =>
                {
                    foreach (var (key, _) in Activity.Current!.Baggage)
                        remainingKeys.Enqueue(key);
                    foreach (var (key, _) in Baggage.Current)
                        remainingKeys.Enqueue(key);
                    return next();
                });
            },
            request);

        Assert.All(remainingKeys, key => Assert.Equal("keep", key));
        Assert.NotEmpty(remainingKeys);
    }
}
