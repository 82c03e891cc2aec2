using System.Collections.Concurrent;
using Metrix.AspNetCore.Tests.Support;
using Metrix.Client;
using Microsoft.AspNetCore.Builder;

namespace Metrix.AspNetCore.Tests.Identity;

/// <summary>Tests that invalid headers are ignored.</summary>
public class IdentityHeaderTests
{
    private static readonly User AndroidUser = new(2);

    public static TheoryData<string, string> InvalidHeaders => new()
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
    [MemberData(nameof(InvalidHeaders))]
    public async Task A_header_with_an_invalid_value_is_ignored_and_counted_once(string header, string value)
    {
        using var recorder = new IgnoredIdentityRecorder();
        var identities = new ConcurrentQueue<MetrixIdentity?>();
        await using var shop = await IdentityShop.StartAsync(
            isSerilog: false,
            app =>
            {
                app.Use((_, next) =>
                {
                    recorder.StartRecording();
                    return next();
                });
                app.UseMetrixIdentity();

                // A second middleware, as applications add it after authentication, must not count the value again.
                app.UseMetrixIdentity();
                app.Run(_ =>
                {
                    identities.Enqueue(MetrixContext.Current);
                    return Task.CompletedTask;
                });
            });
        var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.TryAddWithoutValidation(header, value);
        await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([null], identities);
        var field = header switch
        {
            "X-Metrix-User-Id" => "metrixUserId",
            "X-Metrix-Session-Id" => "metrixSessionId",
            "X-Metrix-Idfa" => "idfa",
            _ => "advertisingId",
        };
        Assert.Equal([$"{field}/header"], recorder.Ignored);
    }

    [Fact]
    public async Task A_repeated_header_is_ignored()
    {
        var request = AndroidUser.Post("/");
        request.Headers.Add("X-Metrix-User-Id", "another");
        var identity = await IdentityShop.ReadIdentityAsync(app => app.UseMetrixIdentity(), request);

        Assert.Equal((null, AndroidUser.SessionId), (identity!.MetrixUserId, identity.MetrixSessionId));
    }

    [Theory]
    [InlineData("0x345678-1234-1234-1234-123456789012")]
    [InlineData("+1345678-1234-1234-1234-123456789012")]
    [InlineData("12345678-0x34-+123-1234-123456789012")]
    [InlineData("12345678-1234-1234-1234-12345678901g")]
    public async Task A_malformed_advertising_id_is_ignored(string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Metrix-Advertising-Id", value);

        Assert.Null(await IdentityShop.ReadIdentityAsync(app => app.UseMetrixIdentity(), request));
    }
}
