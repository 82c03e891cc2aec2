using System.Diagnostics;

namespace Metrix.Faults.Tests.Support.Network;

/// <summary>Finds and runs the system programs of the network tests.</summary>
internal static class NetworkPrograms
{
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    /// <summary>
    /// Skips the test if it cannot make network namespaces or a program is missing. With
    /// <c>METRIX_REQUIRE_NETWORK=1</c>, the test fails instead.
    /// </summary>
    public static void Require(params string[] programs)
    {
        string? reason = null;
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            reason = "Network namespaces need root on Linux.";
        else if (programs.Prepend("ip").FirstOrDefault(program => Find(program) is null) is { } missing)
            reason = $"The program {missing} is not installed.";

        if (reason is null)
            return;
        if (Environment.GetEnvironmentVariable("METRIX_REQUIRE_NETWORK") == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    public static string? Find(string program) =>
        Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program and returns its output. Throws if it fails.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        var (exitCode, output) = TryRun(program, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");
    }

    public static (int ExitCode, string Output) TryRun(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
