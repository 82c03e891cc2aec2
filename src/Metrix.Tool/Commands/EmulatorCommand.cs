using System.CommandLine;
using System.Globalization;
using System.Net;
using Metrix.Emulator;
using Spectre.Console;

namespace Metrix.Tool.Commands;

/// <summary><c>metrix emulator</c>: Metrix on this machine, with its page.</summary>
internal static class EmulatorCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port to listen on; 0 takes a free one.",
            DefaultValueFactory = _ => 5080,
        };
        var apps = new Option<string[]>("--app")
        {
            Description = "An app and its dev-key, as ID:KEY; once for each app. Without any, every app and key is taken.",
            DefaultValueFactory = _ => [],
        };
        var slugs = new Option<string[]>("--slug")
        {
            Description = "A name to show for a slug, as NAME=SLUG; once for each slug.",
            DefaultValueFactory = _ => [],
        };
        slugs.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.IndexOf('=') <= 0 || token.Value.EndsWith('=')))
                result.AddError("--slug takes NAME=SLUG.");
        });
        var address = new Option<string>("--address")
        {
            Description = "The IP address to listen on. On another than the default others can reach it, and read what arrived.",
            DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
        };
        address.Validators.Add(result =>
        {
            if (result.Tokens is [var text, ..] && !IPAddress.TryParse(text.Value, out _))
                result.AddError("--address takes an IP address.");
        });
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var text, ..] && !ushort.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError("--port takes a number from 0 to 65535.");
        });
        apps.Validators.Add(result =>
        {
            // A key may hold a colon, an app id does not. The value is not quoted: it may be a key.
            if (result.Tokens.Any(token => token.Value.IndexOf(':') <= 0 || token.Value.EndsWith(':')))
                result.AddError("--app takes ID:KEY.");
            else if (result.Tokens.Select(token => token.Value.Split(':')[0]).Distinct(StringComparer.Ordinal).Count() < result.Tokens.Count)
                result.AddError("--app names an app twice.");
        });

        var command = new Command("emulator", "Runs Metrix on this machine until Ctrl+C, and shows what arrives on a page.")
        {
            port, address, apps, slugs,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new MetrixEmulatorOptions { Port = parsed.GetValue(port), Address = IPAddress.Parse(parsed.GetValue(address)!) },
            parsed.GetValue(apps)!, parsed.GetValue(slugs)!, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MetrixEmulatorOptions options, string[] apps, string[] slugs, CancellationToken cancellation)
    {
        foreach (var parts in apps.Select(app => app.Split(':', 2)))
            options.Apps[parts[0]] = parts[1];
        foreach (var parts in slugs.Select(slug => slug.Split('=', 2)))
            options.Slugs[parts[0]] = parts[1];

        try
        {
            await using var emulator = await MetrixEmulator.StartAsync(options);
            Terminal.Out.WriteLine($"The Metrix emulator listens on {emulator.Endpoint}");
            Terminal.Out.WriteLine(apps.Length == 0 ? "It takes every app id with any key." : $"It knows the apps {string.Join(", ", options.Apps.Keys)}.");
            Terminal.Out.WriteLine("Open the address in a browser to see each event as it arrives. Ctrl+C ends it.");
            var ended = new TaskCompletionSource();
            await using (cancellation.Register(ended.SetResult))
                await ended.Task;
            return ExitCode.Success;
        }
        catch (IOException taken)
        {
            return Terminal.Fail(taken.Message);
        }
    }
}
