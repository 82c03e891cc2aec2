using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>A process that a service manager ends.</summary>
public class TerminationTests
{
    [Fact]
    public async Task A_logger_that_is_closed_at_the_end_of_a_terminated_process_delivers()
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["app"] = "key" } });
        await using var process = ChildProcess.Start(
            "Metrix.Tests.Worker", ["serve", emulator.Endpoint.ToString(), "app", "key"]);
        await emulator.WaitForAsync(1, TimeSpan.FromSeconds(60));
        await process.WriteLineAsync("go on");
        await process.ReadUntilAsync("ready");
        Assert.Single(emulator.Events);

        await process.TerminateAsync();

        Assert.Equal(Enumerable.Range(0, 100), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(0, process.ExitCode);
    }
}
