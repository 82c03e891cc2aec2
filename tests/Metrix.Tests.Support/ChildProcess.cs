using System.Diagnostics;
using System.Globalization;

namespace Metrix.Tests.Support;

/// <summary>
/// A program of the tests in a process of its own, which is killed with the test if it has not ended by then.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program that stands beside the tests.</summary>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What is set for it beside what is set for the tests.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment) =>
        Start(program, arguments, isErrorRead: false, environment);

    /// <summary>Runs a program that stands beside the tests to its end.</summary>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="environment">What is set for it beside what is set for the tests.</param>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", params IEnumerable<(string Name, string Value)> environment)
    {
        await using var child = Start(program, arguments, isErrorRead: true, environment);
        await child._process.StandardInput.WriteAsync(input);
        child._process.StandardInput.Close();
        var error = child._process.StandardError.ReadToEndAsync();
        var output = await child.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, output, await error);
    }

    private static ChildProcess Start(
        string program, IEnumerable<string> arguments, bool isErrorRead, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = isErrorRead,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, program + ".dll")).Prepend("exec"))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The next line of its output, or null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Reads on until a line holds a text, and returns what follows the text in that line.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (await ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
                return line[(at + text.Length)..];
        }

        throw new InvalidOperationException($"The program ended without a word of \"{text}\".");
    }

    /// <summary>All that is left of its output, when it has ended.</summary>
    public Task<string> ReadToEndAsync() => _process.StandardOutput.ReadToEndAsync();

    /// <summary>Ends it as a service manager does, with SIGTERM, and waits for its end.</summary>
    public async Task TerminateAsync()
    {
        using (Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await WaitForExitAsync();
    }

    /// <summary>Ends it with SIGKILL, which it does not notice, and waits for its end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
