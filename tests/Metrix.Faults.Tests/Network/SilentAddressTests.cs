using System.Diagnostics;
using Metrix.Faults.Tests.Support.Network;

namespace Metrix.Faults.Tests.Network;

public class SilentAddressTests
{
    [Theory]
    [InlineData("10.99.0.1", "10.99.0.2")]
    [InlineData("fd99::1", "10.99.0.2")]
    [InlineData("2001:db8::1", "10.99.0.2")]
    public async Task Events_are_delivered_when_the_first_address_of_the_host_does_not_respond(
        string address, string other)
    {
        NetworkPrograms.Require("nginx", "nft", "ss");
        using var network = new NetworkNamespace(address, other);
        await network.StartNginxAsync(
            "server { listen 80; listen [::]:80; location / { return 200; } }", 80);

        // The order depends on the rules of the resolver.
        var first = network.Run("getent", "ahosts", NetworkNamespace.HostName).Split(' ')[0];
        var family = first.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip";
        network.AddFirewall($"{family} daddr {first} tcp dport 80 drop");

        await using var app = network.StartApplication($"http://{NetworkNamespace.HostName}");
        var startedAt = Stopwatch.GetTimestamp();
        await app.LogAsync(20);
        await app.WaitForDeliveredAsync(20);

        Assert.DoesNotContain("paused", string.Join('\n', app.Messages));
        TestContext.Current.SendDiagnosticMessage(
            "Silent first address {0}: delivered after {1:F1} s.",
            first,
            Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    [Fact]
    public async Task The_message_names_the_endpoint_when_no_address_accepts_the_connection()
    {
        NetworkPrograms.Require("nft");
        using var network = new NetworkNamespace("10.99.0.1", "10.99.0.2");
        await using var app = network.StartApplication($"http://{NetworkNamespace.HostName}");
        await app.LogAsync(1);

        await app.WaitForMessageAsync($"no connection to http://{NetworkNamespace.HostName}");
    }

    [Fact]
    public async Task The_message_names_name_resolution_when_the_host_name_has_no_address()
    {
        NetworkPrograms.Require();
        using var network = new NetworkNamespace("10.99.0.1");
        await using var app = network.StartApplication("http://unknown.test");
        await app.LogAsync(1);

        await app.WaitForMessageAsync("the host name of http://unknown.test cannot be resolved");
    }
}
