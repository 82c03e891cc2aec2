using System.Diagnostics;
using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class DeadConnectionTests
{
    [Fact]
    public async Task Delivery_continues_over_a_new_HTTP2_connection_when_a_firewall_forgets_the_old_one()
    {
        NetworkPrograms.Require("nginx", "nft", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        await network.StartNginxAsync("server { listen 443 ssl http2; location / { return 200; } }", 443);
        await using var app = network.StartApplication("https://10.99.0.1");
        await app.LogAsync(1);
        await app.WaitForDeliveredAsync(1);

        var ports = network.ConnectedPorts(443);
        Assert.NotEmpty(ports);
        network.AddFirewall(ports.SelectMany(port => new[]
        {
            $"tcp sport {port} tcp dport 443 drop", $"tcp sport 443 tcp dport {port} drop",
        }));
        var startedAt = Stopwatch.GetTimestamp();
        await app.LogAsync(20);
        await app.WaitForDeliveredAsync(21);

        TestContext.Current.SendDiagnosticMessage(
            "Dead HTTP/2 connection: delivery continued after {0:F1} s.",
            Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }
}
