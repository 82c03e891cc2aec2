using Metrix.Client;
using Metrix.Client.Configuration;
using Metrix.Client.Sqlite;
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
    public static IReadOnlyList<CheckResult> Run(IConfiguration configuration)
    {
        var sinks = SinksOf(configuration.GetSection("Serilog")).ToList();
        var places = sinks.Select(sink => CheckSink(configuration, sink)).ToList();
        foreach (var list in configuration.GetSection("Serilog").GetChildren().Where(child => IsSinkList(child.Key) && child.Value is not null))
        {
            places.Add(new CheckResult(
                $"Serilog, {list.Path}", [$"{list.Path}: it is a text, which Serilog ignores. Example: \"{list.Key}\": [ \"{list.Value}\" ]"], [], []));
        }

        // Both front ends may read the section: the exporter is asked when it alone does, or when something in it is the exporter's.
        var section = configuration.GetSection(MetrixSettings.Section);
        if (section.Exists() && (places.Count == 0 || section.GetChildren().Any(child => IsExporters(child.Key))))
            places.Add(CheckSection(configuration));
        return places;
    }

    private static CheckResult CheckSink(IConfiguration configuration, IConfigurationSection sink)
    {
        List<string> problems = [];
        var arguments = sink.GetSection("Args").GetChildren().Where(argument => argument.Key.Length > 0).ToList();
        FindWhatSerilogRefuses(configuration, sink, arguments, problems);
        var options = SinkArguments.Read(
            configuration,
            [.. arguments.Where(IsSingle).Select(argument => (Camel(argument.Key), argument.Value))],
            [.. arguments.Where(IsSeveral).Select(argument => (Camel(argument.Key), (IConfigurationSection?)argument))],
            sink["Args:restrictedToMinimumLevel"], levelSwitch: null, problems);
        return new CheckResult(
            $"Serilog, {sink.Path}", ProblemsOf(options, problems, []), WarningsOf(options, configuration, sink),
            SettingMeaning.Of(options, new MetrixSinkOptions { OutboxPath = options.OutboxPath }, []));
    }

    // Serilog looks for a method with these arguments, and says only that there is none.
    private static void FindWhatSerilogRefuses(
        IConfiguration configuration, IConfigurationSection sink, IEnumerable<IConfigurationSection> arguments, List<string> problems)
    {
        foreach (var argument in arguments.Where(argument => IsSeveral(argument) && argument.Value is not null))
            problems.Add($"{argument.Path}: it is a text, where a list or map is wanted");

        if (sink["Args:levelSwitch"] is { } name && !configuration.GetSection("Serilog:LevelSwitches").GetChildren().Any(
            child => child.Key.TrimStart('$').Equals(name.TrimStart('$'), StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add($"{sink.Path}:Args:levelSwitch: Serilog:LevelSwitches has no \"{name}\"");
        }

        if (MinimumLevelOf(configuration) is { } level && !level.StartsWith('$') && !Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out _))
            problems.Add($"Serilog:MinimumLevel: \"{level}\" is no level. Example: \"MinimumLevel\": \"Information\"");
    }

    private static string? MinimumLevelOf(IConfiguration configuration) =>
        configuration["Serilog:MinimumLevel"] ?? configuration["Serilog:MinimumLevel:Default"];

    private static CheckResult CheckSection(IConfiguration configuration)
    {
        var options = ExporterSettings.Read(configuration);
        return new CheckResult(
            $"OpenTelemetry, {MetrixSettings.Section}", ProblemsOf(options, options.Problems, ExporterSettings.Own), WarningsOf(options),
            SettingMeaning.Of(options, new MetrixExporterOptions { OutboxPath = options.OutboxPath }, ExporterSettings.Own));
    }

    // As the application would hear them, one a line.
    private static IReadOnlyList<string> ProblemsOf(MetrixOptions options, IEnumerable<string> found, IEnumerable<Setting> own)
    {
        if (options.OutboxPath is { } path && File.Exists(path) && new FileInfo(path).Length > 0)
            found = [.. found, .. OutboxProblems(path)];
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

    private static IEnumerable<string> OutboxProblems(string path)
    {
        try
        {
            MetrixOutboxFile.Open(path).Dispose();
            return [];
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return [$"OutboxPath: {unusable.Message}"];
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

        if (Enum.TryParse<LogEventLevel>(MinimumLevelOf(configuration), ignoreCase: true, out var least) && least > LogEventLevel.Information)
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
            if (string.Equals(child["Name"] ?? child.Value, SinkName, StringComparison.OrdinalIgnoreCase)
                && child.Key != "Name" && !IsSinkList(child.Key) && IsWithinSinks(child.Path))
            {
                yield return child;
            }

            foreach (var inner in SinksOf(child))
                yield return inner;
        }
    }

    private static bool IsWithinSinks(string path) =>
        path.Split(':').Any(IsSinkList);

    private static bool IsSinkList(string key) =>
        key.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase) || key.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase);

    private static bool IsExporters(string key) =>
        ExporterSettings.Own.Any(setting => setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static bool IsSeveral(IConfigurationSection argument) => SeveralValues.Contains(argument.Key, StringComparer.OrdinalIgnoreCase);

    // What is unknown is found, and said once, by the sink's own code.
    private static bool IsSingle(IConfigurationSection argument) =>
        !IsSeveral(argument) && MetrixSettings.All.Any(setting => setting.Name.Equals(argument.Key, StringComparison.OrdinalIgnoreCase));

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
