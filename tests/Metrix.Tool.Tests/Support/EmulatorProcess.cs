using System.Diagnostics;
using System.Globalization;

namespace Metrix.Tool.Tests.Support;

/// <summary>
/// Runs <c>metrix emulator</c> in its own process. The test kills the process if it still runs at the end.
/// </summary>
internal sealed class EmulatorProcess : IDisposable
{
    private readonly Process _process;

    private EmulatorProcess(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Errors => _process.StandardError;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static EmulatorProcess Start(
        string[] arguments, string? workingDirectory = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "metrix.dll"));
        start.ArgumentList.Add("emulator");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new EmulatorProcess(Process.Start(start)!);
    }

    /// <summary>Reads the first line and returns the address in it.</summary>
    public async Task<Uri> ReadAddressAsync()
    {
        const string introduction = "The Metrix emulator listens on ";
        var line = await Output.ReadLineAsync(Cancel) ?? await Errors.ReadToEndAsync(Cancel);
        Assert.StartsWith(introduction, line);
        return new Uri(line[introduction.Length..]);
    }

    /// <summary>Sends SIGTERM, as a service manager does, and returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await WaitForExitAsync();
    }

    /// <summary>Waits for the end of the process and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(Cancel);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
