using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Metrix.Emulator;

namespace Metrix.Tool.Commands;

/// <summary>Implements <c>metrix emulator</c>, which runs the emulator and its page.</summary>
internal static class EmulatorCommand
{
    private const int DefaultPort = 5080;

    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port to listen on. 0 selects a free port.",
        DefaultValueFactory = _ => DefaultPort,
        CustomParser = ParsePort,
    };

    private static readonly Option<IPAddress> Address = new("--address")
    {
        Description = "The IP address to listen on. With any address but the default, other machines can reach the " +
            "emulator and read what arrived.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
    };

    private static readonly Option<Dictionary<string, string>> Apps = new("--app")
    {
        Description = "An app and its dev-key, as ID:KEY. Repeat it for each app. " +
            "Without it, the emulator accepts every app id with any key.",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = result => ParsePairs(result, ':', "--app takes ID:KEY.", "--app names an app twice."),
    };

    private static readonly Option<Dictionary<string, string>> Slugs = new("--slug")
    {
        Description = "An event of the panel, as NAME=SLUG. Repeat it for each event. " +
            "The page shows the names, and other slugs get a warning.",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = result => ParsePairs(result, '=', "--slug takes NAME=SLUG.", "--slug names an event twice."),
    };

    public static Command Create()
    {
        var command = new Command(
            "emulator", "Runs Metrix on this machine until Ctrl+C and shows each event on a page as it arrives.")
        {
            Port, Address, Apps, Slugs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new MetrixEmulatorOptions
            {
                Port = parsed.GetValue(Port),
                Address = parsed.GetValue(Address)!,
                Apps = parsed.GetValue(Apps)!,
                Slugs = parsed.GetValue(Slugs)!,
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(MetrixEmulatorOptions options, CancellationToken cancellationToken)
    {
        // The command line handles SIGTERM only after this method has returned to it for the first time. Until then, a
        // signal kills the process.
        await Task.Yield();
        try
        {
            await using var emulator = await MetrixEmulator.StartAsync(options, CancellationToken.None);
            Introduce(emulator.Endpoint, options);
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (cancellationToken.Register(stopped.SetResult))
                await stopped.Task;
            return ExitCode.Success;
        }
        catch (IOException portInUse)
        {
            return Terminal.Fail(portInUse.Message);
        }
    }

    // Written without the terminal, which would wrap a long list of apps. Keys are never shown.
    private static void Introduce(Uri endpoint, MetrixEmulatorOptions options)
    {
        Console.WriteLine($"The Metrix emulator listens on {endpoint}");
        Console.WriteLine(options.Apps.Count == 0
            ? "It accepts every app id with any key."
            : $"It knows the apps {string.Join(", ", options.Apps.Keys)}.");
        Console.WriteLine($"Open {endpoint} in a browser to see each event as it arrives.");
        Console.WriteLine($"Scripts can read {endpoint}api/events.");
        if (!IPAddress.IsLoopback(options.Address))
            Console.WriteLine("Other machines can reach the emulator and read what arrived.");
        Console.WriteLine("Press Ctrl+C to stop it.");
    }

    private static int ParsePort(ArgumentResult result)
    {
        if (!ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            result.AddError("--port takes a number from 0 to 65535.");
        return port;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (!IPAddress.TryParse(result.Tokens[0].Value, out var address))
            result.AddError("--address takes an IP address.");
        return address;
    }

    // The errors do not quote the value: it may be a key.
    private static Dictionary<string, string> ParsePairs(
        ArgumentResult result, char separator, string formatError, string duplicateError)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            // Only the first separator counts: a key may contain a colon, an app id does not.
            var parts = token.Value.Split(separator, 2, StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 } name, { Length: > 0 } value])
            {
                result.AddError(formatError);
                break;
            }

            if (!pairs.TryAdd(name, value))
            {
                result.AddError(duplicateError);
                break;
            }
        }

        return pairs;
    }
}
