using System.Net;
using System.Net.Sockets;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class SenderRulesTests
{
    private const string OtherKey = "xjyub-dev-key-of-ios";

    [Fact]
    public async Task Event_of_a_known_app_with_its_key_is_answered_200()
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.PostAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """{"status":"ok"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(TestData.App, Assert.Single(emulator.Events).Request.AppId);
        Assert.Empty(emulator.Rejected);
    }

    [Fact]
    public async Task Event_of_an_unknown_app_is_answered_404()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(app: "web-app").ReadRejectionAsync(404);

        Assert.Equal("the app \"web-app\" is unknown", error);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is empty")]
    [InlineData("Bearer " + TestData.Key, "send the key without a scheme")]
    [InlineData("Basic " + TestData.Key, "send the key without a scheme")]
    [InlineData("some-other-key", "does not match the app \"android-app\"")]
    [InlineData(OtherKey, "belongs to the app \"ios-app\", not to \"android-app\"")]
    public async Task Wrong_key_is_answered_401_and_is_not_quoted(string? key, string reason)
    {
        await using var emulator = await StartAsync();
        var (error, field) = await emulator.PostAsync(key: key).ReadRejectionAsync(401);

        Assert.Contains(reason, error);
        Assert.Equal("Authorization", field);
        Assert.DoesNotContain(TestData.Key, error);
        if (key is { Length: > 0 }) Assert.DoesNotContain(key, error);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_answered_401()
    {
        await using var emulator = await StartAsync();
        using var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nAuthorization: {OtherKey}\nContent-Type: application/json\n",
            TestData.Event()));

        Assert.Equal("HTTP/1.1 401 Unauthorized", await connection.ReadStatusLineAsync());
        Assert.Contains("more than one", Assert.Single(emulator.Rejected).Reason);
    }

    [Fact]
    public async Task Any_app_with_any_key_is_accepted_when_no_apps_are_configured()
    {
        await using var emulator = await MetrixEmulator.StartAsync(null, TestContext.Current.CancellationToken);
        using var answer = await emulator.PostAsync(app: "whichever", key: "any");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer any")]
    public async Task Missing_or_malformed_key_is_answered_401_when_no_apps_are_configured(string? key)
    {
        await using var emulator = await MetrixEmulator.StartAsync(null, TestContext.Current.CancellationToken);

        await emulator.PostAsync(key: key).ReadRejectionAsync(401);
    }

    [Fact]
    public async Task Address_outside_the_allow_list_is_answered_403_before_any_other_check()
    {
        var options = TestData.Options();
        options.AllowedAddresses.Add(IPAddress.Parse("192.0.2.7"));
        await using var emulator = await StartAsync(options);
        var (error, _) = await emulator.PostAsync("no json", app: "web-app", key: null).ReadRejectionAsync(403);

        Assert.Equal("the address 127.0.0.1 is not in the allow list", error);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Event_from_an_address_in_the_allow_list_is_accepted(string allowed)
    {
        var options = TestData.Options();
        options.AllowedAddresses.Add(IPAddress.Parse(allowed));
        await using var emulator = await StartAsync(options);

        await emulator.SendAcceptedAsync();
    }

    [Fact]
    public async Task IPv4_client_of_an_IPv6_socket_is_identified_by_its_IPv4_address()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "IPv6 is not available.");
        var options = TestData.Options();
        options.Address = IPAddress.IPv6Any;
        options.AllowedAddresses.Add(IPAddress.Loopback);
        await using var emulator = await StartAsync(options);
        using var connection = await RawConnection.OpenAsync("127.0.0.1", emulator.Endpoint.Port);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\n", TestData.Event()));

        Assert.Equal("HTTP/1.1 200 OK", await connection.ReadStatusLineAsync());
        Assert.Equal(IPAddress.Loopback, Assert.Single(emulator.Events).Request.RemoteAddress);
    }

    [Fact]
    public async Task App_is_checked_before_the_key_and_the_key_before_the_body()
    {
        await using var emulator = await StartAsync();

        await emulator.PostAsync("no json", app: "web-app", key: null).ReadRejectionAsync(404);
        await emulator.PostAsync("no json", key: null).ReadRejectionAsync(401);
        await emulator.PostAsync("no json").ReadRejectionAsync(400);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Event_with_a_method_other_than_POST_is_answered_405_and_kept(string method)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.SendAsync(HttpMethod.Parse(method), $"inappevent/{TestData.App}");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
        Assert.Equal(405, Assert.Single(emulator.Rejected).Status);
    }

    [Theory]
    [InlineData("favicon.ico")]
    [InlineData("page/other.js")]
    [InlineData("page/../index.html/")]
    [InlineData("inappevent")]
    [InlineData("inappevent/")]
    [InlineData("api/other")]
    public async Task GET_of_an_unknown_path_is_answered_404_and_not_kept(string path)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(emulator.Rejected);
    }

    [Theory]
    [InlineData("v1/inappevent/android-app")]
    [InlineData("inappevent/android-app/")]
    [InlineData("inappevent/android-app/more")]
    [InlineData("InAppEvent/android-app")]
    [InlineData("inappevent/")]
    public async Task POST_to_an_unknown_path_is_answered_404_and_kept(string path)
    {
        await using var emulator = await StartAsync();
        await emulator.SendAsync(HttpMethod.Post, path).ReadRejectionAsync(404);
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Equal(404, rejected.Status);
        Assert.Equal("", rejected.Request.AppId);
        Assert.Equal("/" + path, rejected.Request.Path);
    }

    private static Task<MetrixEmulator> StartAsync(MetrixEmulatorOptions? options = null)
    {
        options ??= TestData.Options();
        options.Apps["ios-app"] = OtherKey;
        return MetrixEmulator.StartAsync(options, TestContext.Current.CancellationToken);
    }
}
