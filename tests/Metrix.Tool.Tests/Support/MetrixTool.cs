using System.Text.Json;
using Metrix.Tests.Support;

namespace Metrix.Tool.Tests.Support;

/// <summary>
/// Runs the tool in its own process. Asserts after each run that the output contains neither a key nor colors.
/// </summary>
internal static class MetrixTool
{
    public const string Key = "kqzvw-the-secret-dev-key";

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
