using System.Net;
using System.Runtime.InteropServices;

namespace Metrix.Emulator;

/// <summary>The emulator as a program: runs until Ctrl+C or a termination signal.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        var (options, mistake) = CommandLine.Parse(arguments);
        if (options is null)
        {
            Console.Error.WriteLine(mistake);
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
        }

        try
        {
            await using var emulator = await MetrixEmulator.StartAsync(options).ConfigureAwait(false);
            Introduce(emulator.Endpoint, options);
            await EndAsync().ConfigureAwait(false);
            return 0;
        }
        catch (IOException taken)
        {
            Console.Error.WriteLine(taken.Message);
            return 1;
        }
    }

    private static void Introduce(Uri endpoint, MetrixEmulatorOptions options)
    {
        Console.WriteLine($"The Metrix emulator listens on {endpoint}");
        Console.WriteLine(options.Apps.Count == 0
            ? "It takes every app id with any key."
            : $"It knows the apps {string.Join(", ", options.Apps.Keys)}.");
        Console.WriteLine($"See what arrives: {endpoint} in a browser, {endpoint}api/events for scripts");
        if (!IPAddress.IsLoopback(options.Address)) Console.WriteLine("Others can reach it, and read what arrived.");
    }

    // Only the program takes signals; in process they belong to the application around the emulator.
    private static async Task EndAsync()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await end.Task.ConfigureAwait(false);

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.TrySetResult();
        }
    }
}
