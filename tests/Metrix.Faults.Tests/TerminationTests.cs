using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>Tests a process that a service manager ends.</summary>
public class TerminationTests
{
    [Fact]
    public async Task A_terminated_process_that_closes_its_logger_delivers_all_events()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["app"] = "key" } });
        await using var process = ChildProcess.Start(
            "Metrix.Tests.Worker", ["serve", emulator.Endpoint.ToString(), "app", "key"]);
        await emulator.WaitForAsync(1, TimeSpan.FromSeconds(60));
        await process.WriteLineAsync("continue");
        await process.ReadUntilAsync("ready");
        Assert.Single(emulator.Events);

        Assert.Equal(0, await process.TerminateAsync());
        Assert.Equal(
            Enumerable.Range(0, 100), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
    }
}
