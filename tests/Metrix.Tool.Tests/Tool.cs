using System.Text.Json;
using Metrix.Tests.Support;

namespace Metrix.Tool.Tests;

/// <summary>The tool as a process of its own. It never writes a key, nor colours where there is no terminal.</summary>
internal static class Tool
{
    public const string Key = "kqzvw-the-secret-dev-key";

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunAsync(arguments, input: "");

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<string> arguments, string input, params (string Name, string Value)[] environment)
    {
        var ran = await ChildProcess.RunAsync("metrix", arguments, input, environment);
        Assert.DoesNotContain(Key, ran.Output + ran.Error);
        Assert.DoesNotContain('\u001b', ran.Output + ran.Error);
        return ran;
    }

    public static async Task<JsonElement> RunForJsonAsync(params string[] arguments)
    {
        var (_, output, error) = await RunAsync([.. arguments, "--json"]);
        Assert.Empty(error);
        return JsonDocument.Parse(output).RootElement;
    }
}
