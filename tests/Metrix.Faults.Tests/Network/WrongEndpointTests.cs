using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class WrongEndpointTests
{
    private const string Nginx =
        """
        server { listen 80; location / { return 200 "ok"; } }
        server { listen 443 ssl; location / { return 200 "ok"; } }
        server { listen 8405; location / { empty_gif; } }
        server { listen 8406; location / { return 406; } }
        server { listen 8421; location / { return 421; } }
        server { listen 8200; default_type text/html; location / { return 200 "<!DOCTYPE html><html>Sign in</html>"; } }
        """;

    [Fact]
    public async Task A_first_answer_of_a_wrong_endpoint_pauses_delivery_and_says_what_is_wrong()
    {
        NetworkPrograms.Require("nginx", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        await network.StartNginxAsync(Nginx, 80, 443, 8405, 8406, 8421, 8200);

        await AssertPausedAsync(network, "http://10.99.0.1:8405", "405 Method Not Allowed");
        await AssertPausedAsync(network, "http://10.99.0.1:8406", "406 Not Acceptable");
        await AssertPausedAsync(network, "http://10.99.0.1:8421", "421 Misdirected Request");
        await AssertPausedAsync(network, "http://10.99.0.1:443", "the port speaks TLS");
        await AssertPausedAsync(network, "http://10.99.0.1:8200", "the answer is a web page");
        await AssertPausedAsync(network, "https://10.99.0.1:80", "that the port speaks TLS");

        await AssertDeliveredAsync(network, "http://10.99.0.1:80");
        await AssertDeliveredAsync(network, "http://10.99.0.1:8200", ("Metrix__DetectCaptivePortal", "false"));
    }

    private static async Task AssertPausedAsync(NetworkNamespace network, string endpoint, string message)
    {
        await using var app = network.StartApplication(endpoint);
        await app.LogAsync(1);
        await app.WaitForMessageAsync(message);
        await app.WaitForMessageAsync("is paused");
    }

    private static async Task AssertDeliveredAsync(
        NetworkNamespace network, string endpoint, params (string Name, string Value)[] environment)
    {
        await using var app = network.StartApplication(endpoint, environment);
        await app.LogAsync(3);
        await app.WaitForDeliveredAsync(3);
    }
}
