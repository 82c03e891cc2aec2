using System.Globalization;
using System.Net;

namespace Metrix.Emulator;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Usage: Metrix.Emulator [--port PORT] [--address ADDRESS] [--app ID:KEY]... [--slug NAME=SLUG]...

          --port PORT        the port to listen on; 0, the default, takes any free one
          --address ADDRESS  the IP address to listen on; 127.0.0.1 by default
          --app ID:KEY       an app and its dev-key, once for each app; without any, every app and key is taken
          --slug NAME=SLUG   an event that the panel knows, once for each; without any, every slug of its shape is well
        """;

    /// <summary>The options, or what is wrong with the arguments; it quotes none, as one may be a key.</summary>
    public static (MetrixEmulatorOptions? Options, string? Mistake) Parse(IReadOnlyList<string> arguments)
    {
        var options = new MetrixEmulatorOptions();
        for (var index = 0; index < arguments.Count; index += 2)
        {
            var name = arguments[index];
            var value = index + 1 < arguments.Count ? arguments[index + 1] : "";
            if (Read(options, name, value) is { } mistake) return (null, mistake);
        }

        return (options, null);
    }

    private static string? Read(MetrixEmulatorOptions options, string name, string value)
    {
        switch (name)
        {
            case "--port":
                if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                    return "--port takes a number from 0 to 65535.";
                options.Port = port;
                return null;
            case "--address":
                if (!IPAddress.TryParse(value, out var address)) return "--address takes an IP address.";
                options.Address = address;
                return null;
            case "--app":
                // A key may hold a colon; an app id does not.
                var parts = value.Split(':', 2, StringSplitOptions.TrimEntries);
                if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0) return "--app takes ID:KEY.";
                if (!options.Apps.TryAdd(parts[0], parts[1])) return "--app names an app twice.";
                return null;
            case "--slug":
                var entry = value.Split('=', 2, StringSplitOptions.TrimEntries);
                if (entry.Length < 2 || entry[0].Length == 0 || entry[1].Length == 0) return "--slug takes NAME=SLUG.";
                if (!options.Slugs.TryAdd(entry[0], entry[1])) return "--slug names an event twice.";
                return null;
            default:
                return "An argument is unknown.";
        }
    }
}
