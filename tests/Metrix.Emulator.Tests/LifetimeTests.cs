using System.Net;
using System.Net.Sockets;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class LifetimeTests
{
    /// <summary>Below the 5 and 30 seconds that a host waits for its requests, and far above the time needed.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emulator_listens_on_a_free_loopback_port_by_default()
    {
        await using var one = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        await using var other = await MetrixEmulator.StartAsync(cancellationToken: Cancel);

        Assert.Equal("127.0.0.1", one.Endpoint.Host);
        Assert.Equal("http", one.Endpoint.Scheme);
        Assert.Equal("/", one.Endpoint.AbsolutePath);
        Assert.NotEqual(one.Endpoint.Port, other.Endpoint.Port);
    }

    [Fact]
    public async Task Emulator_listens_on_the_configured_port()
    {
        // A port that was free a moment ago may be in use by another test. A port in use remains in use.
        await using var first = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        var taken = await Assert.ThrowsAnyAsync<IOException>(
            () => MetrixEmulator.StartAsync(new() { Port = first.Endpoint.Port }, Cancel));

        Assert.Contains($"127.0.0.1:{first.Endpoint.Port}", taken.Message);
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    [InlineData("::", "[::1]")]
    public async Task Endpoint_is_reachable_for_every_listening_address(string address, string host)
    {
        var listensOn = IPAddress.Parse(address);
        Assert.SkipUnless(
            listensOn.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "IPv6 is not available.");
        await using var emulator = await MetrixEmulator.StartAsync(new() { Address = listensOn }, Cancel);

        Assert.Equal(host, emulator.Endpoint.Host);
        await emulator.SendAcceptedAsync();
    }

    [Fact]
    public async Task Changes_of_the_options_after_the_start_have_no_effect()
    {
        var options = TestData.Options();
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        options.Apps.Clear();
        options.AllowedAddresses.Add(IPAddress.Parse("192.0.2.7"));
        options.Answer = _ => new EmulatorResponse(500);

        await emulator.SendAcceptedAsync();
        await emulator.PostAsync(app: "unknown").ReadRejectionAsync(404);
    }

    [Fact]
    public async Task Start_with_an_invalid_option_throws_and_names_the_option()
    {
        await AssertRejectedAsync(new() { Port = -1 }, "MetrixEmulatorOptions.Port must be 0 to 65535.");
        await AssertRejectedAsync(new() { Port = 65536 }, "MetrixEmulatorOptions.Port must be 0 to 65535.");
        await AssertRejectedAsync(new() { Capacity = 0 }, "MetrixEmulatorOptions.Capacity must be at least 1.");
        await AssertRejectedAsync(new() { Address = null! }, "MetrixEmulatorOptions.Address must not be null.");
        await AssertRejectedAsync(new() { Apps = null! }, "MetrixEmulatorOptions.Apps must not be null.");
        await AssertRejectedAsync(
            new() { AllowedAddresses = null! }, "MetrixEmulatorOptions.AllowedAddresses must not be null.");
        await AssertRejectedAsync(
            new() { Apps = { [" "] = "key" } }, "MetrixEmulatorOptions.Apps must not contain an empty app id.");
        await AssertRejectedAsync(
            new() { Apps = { ["a"] = "" } }, "MetrixEmulatorOptions.Apps must contain a dev-key for the app a.");

        static async Task AssertRejectedAsync(MetrixEmulatorOptions options, string message)
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(() => MetrixEmulator.StartAsync(options, Cancel));
            Assert.StartsWith(message, refusal.Message);
        }
    }

    [Fact]
    public async Task Stop_does_not_wait_for_requests_that_are_held()
    {
        var emulator = await MetrixEmulator.StartAsync(
            TestData.Options(request => request.Headers.Contains(new("X-Hold", "delay"))
                ? new EmulatorResponse(200) { Delay = TimeSpan.FromHours(1) }
                : new EmulatorResponse(200) { NeverAnswer = true }), Cancel);
        using var delayed = await HoldAsync(emulator, "delay");
        using var held = await HoldAsync(emulator, "never answer");
        await emulator.WaitForAsync(2, null, Cancel);
        await emulator.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);

        await AssertCutOffAsync(delayed);
        await AssertCutOffAsync(held);
    }

    [Fact]
    public async Task Stop_does_not_wait_for_incomplete_requests_or_idle_connections()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        using var idle = await RawConnection.OpenAsync(emulator);
        using var head = await RawConnection.OpenAsync(emulator);
        await head.SendAsync("POST /inapp");
        using var body = await RawConnection.OpenAsync(emulator);
        await body.SendAsync(RawConnection.Request($"POST /inappevent/{TestData.App} HTTP/1.1", "", "{}")[..^1]);
        await emulator.SendAcceptedAsync();

        await emulator.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task Events_can_be_read_after_the_emulator_stopped()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        using var idle = await RawConnection.OpenAsync(emulator);
        await emulator.SendAcceptedAsync();
        await emulator.DisposeAsync();
        await emulator.DisposeAsync();

        Assert.Single(emulator.Events);
        await emulator.WaitForAsync(1, null, Cancel);
        await AssertCutOffAsync(idle);
    }

    private static async Task<RawConnection> HoldAsync(MetrixEmulator emulator, string how)
    {
        var connection = await RawConnection.OpenAsync(emulator);
        await connection.SendAsync(RawConnection.Request(
            $"POST /inappevent/{TestData.App} HTTP/1.1",
            $"Authorization: {TestData.Key}\nContent-Type: application/json\nX-Hold: {how}\n", TestData.Event()));
        return connection;
    }

    private static async Task AssertCutOffAsync(RawConnection connection)
    {
        var answer = await Record.ExceptionAsync(async () => Assert.Equal("", await connection.ReadToEndAsync()));
        Assert.True(answer is null or IOException, $"{answer}");
    }
}
