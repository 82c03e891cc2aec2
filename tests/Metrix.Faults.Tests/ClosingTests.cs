using System.Globalization;
using Metrix.Emulator;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Tests closing, flushing and audited calls in their own process, because they depend on the thread pool and on all
/// clients of the process. Limits are tested with ten times their value.
/// </summary>
public class ClosingTests
{
    private const int FlushTimeout = 2_000;

    [Fact]
    public async Task Closing_ends_at_its_limit_when_all_threads_of_the_pool_are_blocked()
    {
        await using var server = new FaultServer(_ => Fault.Silence);
        await using var process = Start("close-starved", server.Endpoint);

        Assert.InRange(await ReadNumberAsync(process), 0, 10 * FlushTimeout);
    }

    [Fact]
    public async Task Two_loggers_that_close_one_after_the_other_share_the_limit()
    {
        await using var server = new FaultServer(_ => Fault.Silence);
        await using var process = Start("close-two", server.Endpoint);

        // Each logger alone would need the flush timeout.
        Assert.InRange(await ReadNumberAsync(process), FlushTimeout / 2, (2 * FlushTimeout) - 1);
    }

    [Fact]
    public async Task Audited_calls_on_threads_of_a_small_pool_do_not_block_delivery()
    {
        await using var emulator = await StartEmulatorAsync();
        await using var process = Start("audit-pool", emulator.Endpoint);
        var result = (await process.ReadLineAsync())!.Split(' ');

        Assert.Equal("0", result[0]);
        Assert.Equal(300, emulator.Events.Count);
    }

    [Fact]
    public async Task Flushing_all_clients_delivers_the_events_that_wait_in_the_batch_of_a_logger()
    {
        await using var emulator = await StartEmulatorAsync();
        await using var process = Start("flush-all", emulator.Endpoint);

        Assert.Equal("True", await process.ReadLineAsync());
        Assert.Equal(10, emulator.Events.Count);
    }

    private static Task<MetrixEmulator> StartEmulatorAsync() => MetrixEmulator.StartAsync(
        new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["app"] = "key" } });

    private static ChildProcess Start(string command, Uri endpoint) =>
        ChildProcess.Start("Metrix.Tests.Worker", [command, endpoint.ToString(), "app", "key"]);

    private static async Task<int> ReadNumberAsync(ChildProcess process) =>
        int.Parse((await process.ReadLineAsync())!, CultureInfo.InvariantCulture);
}
