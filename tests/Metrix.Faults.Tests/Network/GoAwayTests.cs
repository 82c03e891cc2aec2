using System.Diagnostics;
using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class GoAwayTests
{
    [Theory]
    [InlineData("http2")]
    [InlineData("")]
    public async Task Events_are_delivered_without_a_pause_when_nginx_ends_connections_after_ten_requests(
        string protocol)
    {
        const int Count = 2_000;
        NetworkPrograms.Require("nginx", "ss");
        using var network = new NetworkNamespace("10.99.0.1");
        await network.StartNginxAsync(
            $$"""
            keepalive_requests 10;
            server { listen 443 ssl {{protocol}}; location / { return 200; } }
            """,
            443);
        await using var app = network.StartApplication("https://10.99.0.1");
        var startedAt = Stopwatch.GetTimestamp();
        await app.LogAsync(Count);
        await app.WaitForDeliveredAsync(Count);

        Assert.DoesNotContain("paused", string.Join('\n', app.Messages));
        TestContext.Current.SendDiagnosticMessage(
            "keepalive_requests 10 {0}: {1} retries, {2:F1} s. {3}",
            protocol,
            app.Retries,
            Stopwatch.GetElapsedTime(startedAt).TotalSeconds,
            string.Join(" | ", app.Messages));
    }
}
