using System.Net.Http.Json;
using System.Text.Json;
using Metrix.Tests.Support;

namespace Metrix.Tool.Tests;

public class EmulatorTests
{
    [Fact]
    public async Task It_runs_until_it_is_asked_to_end_and_takes_what_another_sends()
    {
        await using var emulator = ChildProcess.Start("metrix", ["emulator", "--port", "0", "--app", $"app:{Tool.Key}"]);
        var endpoint = await emulator.ReadUntilAsync("listens on ");
        Assert.Equal(0, (await Tool.RunAsync(["send", "--app-id", "app", "--slug", "taqsq", "--endpoint", endpoint], "", ("METRIX_DEV_KEY", Tool.Key))).ExitCode);
        var refused = await Tool.RunAsync(["send", "--app-id", "app", "--slug", "taqsq", "--endpoint", endpoint], "", ("METRIX_DEV_KEY", "another"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("The key is not the key of this app", refused.Output);

        using var client = new HttpClient();
        var stats = await client.GetFromJsonAsync<JsonElement>(new Uri(new Uri(endpoint), "api/stats"), TestContext.Current.CancellationToken);
        Assert.Equal(1, stats.GetProperty("accepted").GetInt32());
        await emulator.TerminateAsync();
        Assert.Equal(0, emulator.ExitCode);
    }

    [Theory]
    [InlineData("--app", "no-key")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "abc")]
    [InlineData("--address", "nowhere")]
    public async Task A_wrong_command_line_is_told_of(string option, string value) =>
        Assert.Equal(2, (await Tool.RunAsync("emulator", option, value)).ExitCode);
}
