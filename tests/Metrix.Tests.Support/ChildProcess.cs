using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Metrix.Tests.Support;

/// <summary>
/// Runs a program of the tests in its own process. Disposing it kills the process if it still runs.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    // Read from the start. Otherwise a program that writes many errors fills the pipe and blocks.
    private readonly Task<string> _errors;

    private ChildProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program from the output folder of the tests.</summary>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Environment variables in addition to those of the tests.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        params IEnumerable<(string Name, string Value)> environment) =>
        StartIn(AppContext.BaseDirectory, program, arguments, environment);

    /// <summary>Starts a program from the output folder of the tests in a working directory.</summary>
    /// <param name="workingDirectory">The working directory.</param>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Environment variables in addition to those of the tests.</param>
    public static ChildProcess StartIn(
        string workingDirectory,
        string program,
        IEnumerable<string> arguments,
        params IEnumerable<(string Name, string Value)> environment) =>
        Start([], workingDirectory, program, arguments, environment);

    /// <summary>
    /// Starts a program from the output folder of the tests by another command, such as <c>ip netns exec name</c>.
    /// </summary>
    /// <param name="launcher">The command and its arguments, which replaces itself by the program.</param>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Environment variables in addition to those of the tests.</param>
    public static ChildProcess StartBy(
        IEnumerable<string> launcher,
        string program,
        IEnumerable<string> arguments,
        params IEnumerable<(string Name, string Value)> environment) =>
        Start(launcher, AppContext.BaseDirectory, program, arguments, environment);

    private static ChildProcess Start(
        IEnumerable<string> launcher,
        string workingDirectory,
        string program,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)> environment)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, program + ".dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [.. launcher, host, "exec", assembly, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program from the output folder of the tests until it exits.</summary>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">The text of its standard input.</param>
    /// <param name="environment">Environment variables in addition to those of the tests.</param>
    /// <returns>Its exit code, and the text of its standard output and standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string input = "",
        params IEnumerable<(string Name, string Value)> environment)
    {
        await using var child = Start(program, arguments, environment);
        await child._process.StandardInput.WriteAsync(input);
        child._process.StandardInput.Close();
        var output = await child.ReadToEndAsync();
        return (await child.WaitForExitAsync(), output, await child.ReadErrorsAsync());
    }

    /// <summary>Reads the next line of standard output. Returns null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit);

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>
    /// Reads standard output until a line contains a text. Returns what follows the text in that line.
    /// </summary>
    /// <exception cref="InvalidOperationException">The program exited first.</exception>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (await ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
                return line[(at + text.Length)..];
        }

        throw new InvalidOperationException(
            $"The program exited before it wrote \"{text}\". Its errors: {await ReadErrorsAsync()}");
    }

    /// <summary>Reads the rest of standard output, up to the exit of the program.</summary>
    public Task<string> ReadToEndAsync() => _process.StandardOutput.ReadToEndAsync();

    /// <summary>Reads all of standard error, up to the exit of the program.</summary>
    public Task<string> ReadErrorsAsync() => _errors.WaitAsync(Limit);

    /// <summary>Sends SIGTERM, as a service manager does, waits for the exit and returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            return await WaitForExitAsync();
    }

    /// <summary>Sends SIGKILL, which a program cannot handle, and waits for the exit.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Waits for the exit and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
