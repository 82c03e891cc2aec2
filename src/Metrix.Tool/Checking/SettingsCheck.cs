using Metrix.Client;
using Metrix.Client.Configuration;
using Metrix.OpenTelemetry.Exporter;
using Metrix.OpenTelemetry.Exporter.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Events;
using Serilog.Sinks.Metrix;
using Serilog.Sinks.Metrix.Configuration;

namespace Metrix.Tool.Checking;

/// <summary>
/// Reads a configuration as the sink and the exporter do, with their own code, and tells what they would say and do.
/// </summary>
internal static class SettingsCheck
{
    private const string SinkName = "Metrix";
    private static readonly string[] SeveralValues = ["apps", "slugs", "fields", "attributes", "include", "exclude", "redact"];

    /// <summary>What was found at each place; nothing when the configuration has no word of Metrix.</summary>
    public static IReadOnlyList<Checked> Run(IConfiguration configuration)
    {
        var sinks = SinksOf(configuration.GetSection("Serilog")).ToList();
        if (sinks.Count > 0)
            return [.. sinks.Select(sink => CheckSink(configuration, sink))];

        return configuration.GetSection(MetrixSettings.Section).Exists() ? [CheckSection(configuration)] : [];
    }

    private static Checked CheckSink(IConfiguration configuration, IConfigurationSection sink)
    {
        List<string> problems = [];
        var arguments = sink.GetSection("Args").GetChildren().ToList();
        var options = SinkArguments.Read(
            configuration,
            [.. arguments.Where(argument => !IsSeveral(argument) && !IsLevel(argument)).Select(argument => (Camel(argument.Key), argument.Value))],
            [.. arguments.Where(IsSeveral).Select(argument => (Camel(argument.Key), (IConfigurationSection?)argument))],
            sink["Args:restrictedToMinimumLevel"], levelSwitch: null, problems);
        return new Checked(
            $"Serilog, {sink.Path}", ProblemsOf(options, problems, []), WarningsOf(options, configuration, sink),
            SettingMeaning.Of(options, new MetrixSinkOptions { OutboxPath = options.OutboxPath }, []));
    }

    private static Checked CheckSection(IConfiguration configuration)
    {
        var options = ExporterSettings.Read(configuration);
        return new Checked(
            $"OpenTelemetry, {MetrixSettings.Section}", ProblemsOf(options, options.Problems, ExporterSettings.Own), WarningsOf(options),
            SettingMeaning.Of(options, new MetrixExporterOptions { OutboxPath = options.OutboxPath }, ExporterSettings.Own));
    }

    // As the application would hear them, one a line.
    private static IReadOnlyList<string> ProblemsOf(MetrixOptions options, IEnumerable<string> found, IEnumerable<Setting> own)
    {
        try
        {
            OptionsValidator.Validate(options, found, own);
            return [];
        }
        catch (ArgumentException wrong)
        {
            const string Item = "  - ";
            return [.. wrong.Message.Split(Environment.NewLine).Where(line => line.StartsWith(Item, StringComparison.Ordinal)).Select(line => line[Item.Length..])];
        }
    }

    private static List<string> WarningsOf(MetrixOptions options)
    {
        List<string> warnings = [];
        if (options.Endpoint is { Scheme: "http", IsLoopback: false })
            warnings.Add("Endpoint is http: the dev-key and the events travel in clear text. Use https");
        if (options.OutboxPath is { } path && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            warnings.Add($"OutboxPath: its folder is not there on this machine, and is made at the start if the application may");
        return warnings;
    }

    private static List<string> WarningsOf(MetrixOptions options, IConfiguration configuration, IConfigurationSection sink)
    {
        var warnings = WarningsOf(options);
        var serilog = configuration.GetSection("Serilog");
        if (!serilog.GetSection("Enrich").AsEnumerable().Any(pair => pair.Value == "FromLogContext"))
            warnings.Add("Without \"Enrich\": [ \"FromLogContext\" ] no property of the log context, and no scope, reaches the sink");

        var level = serilog["MinimumLevel"] ?? serilog["MinimumLevel:Default"];
        if (Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out var least) && least > LogEventLevel.Information)
            warnings.Add($"MinimumLevel is {least}: an Information event, as most are, never reaches the sink");
        if ((sink["Name"] ?? sink.Value) is { } name && name != SinkName)
            warnings.Add($"\"{name}\" is not \"{SinkName}\": Serilog leaves out in silence what it does not find");
        return warnings;
    }

    // A sink may stand inside another, as in a fallback.
    private static IEnumerable<IConfigurationSection> SinksOf(IConfiguration configuration)
    {
        foreach (var child in configuration.GetChildren())
        {
            if (string.Equals(child["Name"] ?? child.Value, SinkName, StringComparison.OrdinalIgnoreCase) && child.Key != "Name" && IsWithinSinks(child.Path))
                yield return child;
            foreach (var inner in SinksOf(child))
                yield return inner;
        }
    }

    private static bool IsWithinSinks(string path) =>
        path.Split(':').Any(part => part.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase)
            || part.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase));

    private static bool IsSeveral(IConfigurationSection argument) => SeveralValues.Contains(argument.Key, StringComparer.OrdinalIgnoreCase);

    private static bool IsLevel(IConfigurationSection argument) =>
        argument.Key.Equals("restrictedToMinimumLevel", StringComparison.OrdinalIgnoreCase) || argument.Key.Equals("levelSwitch", StringComparison.OrdinalIgnoreCase);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
