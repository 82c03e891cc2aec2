using System.Net;
using System.Net.Sockets;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class LifetimeTests
{
    /// <summary>Below the 5 and 30 seconds that a host waits for its requests, far above what is needed.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_listens_on_a_free_port_of_loopback_by_default()
    {
        await using var one = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        await using var other = await MetrixEmulator.StartAsync(cancellationToken: Cancel);

        Assert.Equal("127.0.0.1", one.Endpoint.Host);
        Assert.Equal("http", one.Endpoint.Scheme);
        Assert.Equal("/", one.Endpoint.AbsolutePath);
        Assert.NotEqual(one.Endpoint.Port, other.Endpoint.Port);
    }

    [Fact]
    public async Task It_listens_on_the_port_it_is_told()
    {
        // A port that was free a moment ago may be another test's by now; one that is taken stays so.
        await using var first = await MetrixEmulator.StartAsync(cancellationToken: Cancel);
        var taken = await Assert.ThrowsAnyAsync<IOException>(
            () => MetrixEmulator.StartAsync(new() { Port = first.Endpoint.Port }, Cancel));

        Assert.Contains($"127.0.0.1:{first.Endpoint.Port}", taken.Message);
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::1", "[::1]")]
    [InlineData("::", "[::1]")]
    public async Task Its_endpoint_can_be_reached_wherever_it_listens(string address, string host)
    {
        var listensOn = IPAddress.Parse(address);
        Assert.SkipUnless(
            listensOn.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "There is no IPv6 here.");
        await using var emulator = await MetrixEmulator.StartAsync(new() { Address = listensOn }, Cancel);

        Assert.Equal(host, emulator.Endpoint.Host);
        await emulator.AcceptsAsync();
    }

    [Fact]
    public async Task Options_count_as_they_were_at_the_start()
    {
        var options = TestData.Options();
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        options.Apps.Clear();
        options.AllowedAddresses.Add(IPAddress.Parse("192.0.2.7"));
        options.Answer = _ => new EmulatorResponse(500);

        await emulator.AcceptsAsync();
        await emulator.PostAsync(app: "unknown").RefusalAsync(404);
    }

    [Fact]
    public async Task An_impossible_option_is_named()
    {
        await Refused(new() { Port = -1 }, "MetrixEmulatorOptions.Port must be 0 to 65535.");
        await Refused(new() { Port = 65536 }, "MetrixEmulatorOptions.Port must be 0 to 65535.");
        await Refused(new() { Capacity = 0 }, "MetrixEmulatorOptions.Capacity must be at least 1.");
        await Refused(new() { Address = null! }, "MetrixEmulatorOptions.Address is missing.");
        await Refused(new() { Apps = null! }, "MetrixEmulatorOptions.Apps is missing.");
        await Refused(new() { AllowedAddresses = null! }, "MetrixEmulatorOptions.AllowedAddresses is missing.");
        await Refused(new() { Apps = { [" "] = "key" } }, "MetrixEmulatorOptions.Apps holds an app id that is empty.");
        await Refused(new() { Apps = { ["a"] = "" } }, "MetrixEmulatorOptions.Apps holds no dev-key for the app a.");

        static async Task Refused(MetrixEmulatorOptions options, string message)
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(() => MetrixEmulator.StartAsync(options, Cancel));
            Assert.StartsWith(message, refusal.Message);
        }
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_requests_that_are_held()
    {
        var emulator = await MetrixEmulator.StartAsync(
            TestData.Options(request => request.Headers.Contains(new("X-Hold", "delay"))
                ? new EmulatorResponse(200) { Delay = TimeSpan.FromHours(1) }
                : new EmulatorResponse(200) { NeverAnswer = true }), Cancel);
        using var delayed = await HoldAsync(emulator, "delay");
        using var held = await HoldAsync(emulator, "ever");
        await emulator.WaitForAsync(2, null, Cancel);
        await emulator.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);

        await AssertCutOffAsync(delayed);
        await AssertCutOffAsync(held);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_requests_that_are_not_whole_nor_for_idle_connections()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        using var idle = await RawConnection.OpenAsync(emulator);
        using var head = await RawConnection.OpenAsync(emulator);
        await head.SendAsync("POST /inapp");
        using var body = await RawConnection.OpenAsync(emulator);
        await body.SendAsync(RawConnection.Request($"POST /inappevent/{TestData.App} HTTP/1.1", "", "{}")[..^1]);
        await emulator.AcceptsAsync();

        await emulator.DisposeAsync().AsTask().WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task After_stopping_what_arrived_can_still_be_read()
    {
        var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        using var idle = await RawConnection.OpenAsync(emulator);
        await emulator.AcceptsAsync();
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
