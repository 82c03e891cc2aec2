using System.Text.Json;
using Metrix.Tests.Support;

namespace Metrix.Tool.Tests.Support;

/// <summary>
/// Runs the tool in its own process. Asserts after each run that the output contains neither a key nor colors.
/// </summary>
internal static class MetrixTool
{
    public const string Key = "kqzvw-the-secret-dev-key";

    /// <summary>Starts <c>metrix emulator</c>.</summary>
    public static ChildProcess StartEmulator(params string[] arguments) =>
        ChildProcess.Start("metrix", ["emulator", .. arguments]);

    /// <summary>Reads the first line of <c>metrix emulator</c> and returns the address in it.</summary>
    public static async Task<Uri> ReadAddressAsync(this ChildProcess emulator)
    {
        const string introduction = "The Metrix emulator listens on ";
        var line = await emulator.ReadLineAsync() ?? await emulator.ReadErrorsAsync();
        Assert.StartsWith(introduction, line);
        return new Uri(line[introduction.Length..]);
    }

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunAsync(arguments, input: "");

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<string> arguments, string input, params (string Name, string Value)[] environment)
    {
        var result = await ChildProcess.RunAsync("metrix", arguments, input, environment);
        Assert.DoesNotContain(Key, result.Output + result.Error);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        return result;
    }

    public static async Task<JsonElement> RunForJsonAsync(params string[] arguments)
    {
        var (_, output, error) = await RunAsync([.. arguments, "--json"]);
        Assert.Empty(error);
        return JsonDocument.Parse(output).RootElement;
    }
}
