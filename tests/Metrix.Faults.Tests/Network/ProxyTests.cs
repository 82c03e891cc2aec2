using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class ProxyTests
{
    private const string Nginx =
        """
        server { listen 443 ssl http2; location / { return 200; } }
        server { listen 80; location / { return 200; } }
        """;

    // Each port of squid is a proxy with other rules.
    private const string Squid =
        """
        http_port 10.99.0.1:3001
        http_port 10.99.0.1:3002
        http_port 10.99.0.1:3003
        acl demands_credentials localport 3001
        acl forbids localport 3002
        auth_param basic program /bin/false
        acl authenticated proxy_auth REQUIRED
        http_access deny demands_credentials !authenticated
        http_access deny forbids
        http_access allow all
        """;

    [Fact]
    public async Task A_message_names_the_proxy_its_answer_and_the_setting()
    {
        NetworkPrograms.Require("nginx", "squid", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        await network.StartNginxAsync(Nginx, 443, 80);
        await network.StartSquidAsync(Squid, 3001, 3002, 3003);

        await AssertMessageAsync(network, "https://10.99.0.1", "http://user:secret@10.99.0.1:3003", null);
        await AssertMessageAsync(network, "http://10.99.0.1", "http://10.99.0.1:3003", null);
        await AssertMessageAsync(
            network, "https://10.99.0.1", "http://10.99.0.1:3001",
            "407 Proxy Authentication Required. The proxy http://10.99.0.1:3001 requires credentials");
        await AssertMessageAsync(
            network, "http://10.99.0.1", "http://10.99.0.1:3001",
            "407 Proxy Authentication Required. The proxy http://10.99.0.1:3001 requires credentials");
        await AssertMessageAsync(
            network, "https://10.99.0.1", "http://10.99.0.1:3002",
            "the proxy http://10.99.0.1:3002 refused to connect to https://10.99.0.1: it answered 403 Forbidden");
        await AssertMessageAsync(
            network, "http://10.99.0.1", "http://10.99.0.1:3002",
            "The request went through the proxy http://10.99.0.1:3002, and the proxy may have answered itself");
        await AssertMessageAsync(
            network, "https://10.99.0.1:444", "http://10.99.0.1:3003", "it answered 503 Service Unavailable");
        await AssertMessageAsync(
            network, "http://10.99.0.1:81", "http://10.99.0.1:3003",
            "The request went through the proxy http://10.99.0.1:3003, and the proxy may have answered itself");
        await AssertMessageAsync(
            network, "https://10.99.0.1", "http://user:secret@10.99.0.1:3009",
            "no connection to the proxy http://10.99.0.1:3009");
        await AssertMessageAsync(
            network, "https://10.99.0.1", "http://unknown.test:3128",
            "the host name of the proxy http://unknown.test:3128 cannot be resolved");

        // nginx answers CONNECT with 400, and breaks off what is not HTTP.
        await AssertMessageAsync(
            network, "https://10.99.0.1", "http://10.99.0.1:80", "it answered 400 Bad Request");
        await AssertMessageAsync(
            network, "https://10.99.0.1", "socks5://10.99.0.1:80", "the proxy socks5://10.99.0.1:80");
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.2:8080")]
    [InlineData("http://[::1]:8080")]
    public async Task A_loopback_endpoint_uses_no_proxy(string endpoint)
    {
        NetworkPrograms.Require("nginx", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        await network.StartNginxAsync(
            "server { listen 8080; listen [::]:8080; location / { return 200; } }", 8080);

        await AssertMessageAsync(network, endpoint, "http://10.99.0.1:3009", null);
    }

    private static async Task AssertMessageAsync(
        NetworkNamespace network, string endpoint, string proxy, string? message)
    {
        var isSecure = endpoint.StartsWith("https:", StringComparison.Ordinal);
        await using var app = network.StartApplication(endpoint, (isSecure ? "HTTPS_PROXY" : "http_proxy", proxy));
        await app.LogAsync(1);
        if (message is null)
        {
            await app.WaitForDeliveredAsync(1);
            return;
        }

        await app.WaitForMessageAsync(message);
        await app.WaitForMessageAsync($"{(isSecure ? "HTTPS" : "HTTP")}_PROXY, ALL_PROXY, NO_PROXY");
        Assert.DoesNotContain(app.Messages, text => text.Contains("secret", StringComparison.Ordinal));
    }
}
