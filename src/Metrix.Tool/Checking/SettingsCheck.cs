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
/// Reads a configuration with the code of the sink and the exporter, and reports their errors and the effect of each
/// setting.
/// </summary>
internal static class SettingsCheck
{
    private const string SinkName = "Metrix";

    private static readonly string[] CollectionArguments =
        ["apps", "slugs", "fields", "attributes", "include", "exclude", "redact"];

    /// <summary>Returns one result per place. Empty if the configuration does not mention Metrix.</summary>
    public static IReadOnlyList<CheckResult> Run(IConfiguration configuration)
    {
        var serilog = configuration.GetSection("Serilog");
        var results = FindSinks(serilog).Select(sink => CheckSink(configuration, sink)).ToList();
        results.AddRange(
            from list in serilog.GetChildren()
            where IsSinkList(list.Key) && list.Value is not null
            let problem = $"{list.Path}: the value is a text, which Serilog ignores. " +
                $"Example: \"{list.Key}\": [ \"{list.Value}\" ]"
            select new CheckResult($"Serilog, {list.Path}", [problem], [], []));

        // The sink and the exporter may both read the section. The exporter's code checks it if no sink exists, or if
        // it contains a setting that only the exporter has.
        var section = configuration.GetSection(MetrixSettings.Section);
        var hasExporterSetting = section.GetChildren().Any(child => IsExporterSetting(child.Key));
        if (section.Exists() && (results.Count == 0 || hasExporterSetting))
            results.Add(CheckSection(configuration));
        return results;
    }

    private static CheckResult CheckSink(IConfiguration configuration, IConfigurationSection sink)
    {
        List<string> problems = [];
        var arguments = sink.GetSection("Args").GetChildren().Where(argument => argument.Key.Length > 0).ToList();
        FindSerilogProblems(configuration, sink, arguments, problems);
        var options = SinkArguments.Read(
            configuration,
            [
                .. arguments.Where(IsSingleValue).Select(argument => (ToCamelCase(argument.Key), argument.Value)),
            ],
            [
                .. from argument in arguments
                   where IsCollection(argument)
                   select (ToCamelCase(argument.Key), (IConfigurationSection?)argument),
            ],
            sink["Args:restrictedToMinimumLevel"],
            levelSwitch: null,
            problems);
        return new CheckResult(
            $"Serilog, {sink.Path}",
            FindProblems(options, problems, []),
            FindWarnings(options, configuration, sink),
            SettingMeaning.Of(options, new MetrixSinkOptions { OutboxPath = options.OutboxPath }, []));
    }

    // Serilog searches for a method with these arguments. If none exists, it does not say which argument is wrong.
    private static void FindSerilogProblems(
        IConfiguration configuration,
        IConfigurationSection sink,
        IEnumerable<IConfigurationSection> arguments,
        List<string> problems)
    {
        foreach (var argument in arguments.Where(argument => IsCollection(argument) && argument.Value is not null))
            problems.Add($"{argument.Path}: the value is a text, but must be a list or a map");

        if (sink["Args:levelSwitch"] is { } name && !HasLevelSwitch(configuration, name))
            problems.Add($"{sink.Path}:Args:levelSwitch: Serilog:LevelSwitches does not contain \"{name}\"");

        if (MinimumLevelOf(configuration) is { } level
            && !level.StartsWith('$')
            && !Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out _))
        {
            problems.Add(
                $"Serilog:MinimumLevel: \"{level}\" is not a level. Example: \"MinimumLevel\": \"Information\"");
        }
    }

    private static bool HasLevelSwitch(IConfiguration configuration, string name) =>
        configuration.GetSection("Serilog:LevelSwitches").GetChildren().Any(
            child => child.Key.TrimStart('$').Equals(name.TrimStart('$'), StringComparison.OrdinalIgnoreCase));

    private static string? MinimumLevelOf(IConfiguration configuration) =>
        configuration["Serilog:MinimumLevel"] ?? configuration["Serilog:MinimumLevel:Default"];

    private static CheckResult CheckSection(IConfiguration configuration)
    {
        var options = ExporterSettings.Read(configuration);
        return new CheckResult(
            $"OpenTelemetry, {MetrixSettings.Section}",
            FindProblems(options, options.Problems, ExporterSettings.Own),
            FindWarnings(options),
            SettingMeaning.Of(
                options, new MetrixExporterOptions { OutboxPath = options.OutboxPath }, ExporterSettings.Own));
    }

    // The validator throws one exception, as it does in the application. Its message has one line per problem.
    private static IReadOnlyList<string> FindProblems(
        MetrixOptions options, IEnumerable<string> found, IEnumerable<Setting> ownSettings)
    {
        if (options.OutboxPath is { } path && File.Exists(path) && new FileInfo(path).Length > 0)
            found = [.. found, .. FindOutboxProblems(path)];
        try
        {
            OptionsValidator.Validate(options, found, ownSettings);
            return [];
        }
        catch (ArgumentException invalid)
        {
            const string Item = "  - ";
            return
            [
                .. from line in invalid.Message.Split(Environment.NewLine)
                   where line.StartsWith(Item, StringComparison.Ordinal)
                   select line[Item.Length..],
            ];
        }
    }

    private static IEnumerable<string> FindOutboxProblems(string path)
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

    private static List<string> FindWarnings(MetrixOptions options)
    {
        List<string> warnings = [];
        if (options.Endpoint is { Scheme: "http", IsLoopback: false })
            warnings.Add("Endpoint uses http. The dev-key and the events travel in clear text. Use https.");
        if (options.OutboxPath is { } path && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            warnings.Add("OutboxPath: the folder does not exist on this machine. " +
                "The application creates it at startup if it has the permission.");
        }

        return warnings;
    }

    private static List<string> FindWarnings(
        MetrixOptions options, IConfiguration configuration, IConfigurationSection sink)
    {
        var warnings = FindWarnings(options);
        var enrichers = configuration.GetSection("Serilog:Enrich");
        if (!enrichers.AsEnumerable().Any(pair => pair.Value == "FromLogContext"))
        {
            warnings.Add("Without \"Enrich\": [ \"FromLogContext\" ], " +
                "the properties of the log context and of scopes do not reach the sink.");
        }

        if (Enum.TryParse<LogEventLevel>(MinimumLevelOf(configuration), ignoreCase: true, out var minimum)
            && minimum > LogEventLevel.Information)
        {
            warnings.Add(
                $"MinimumLevel is {minimum}. Most events have the level Information and do not reach the sink.");
        }

        if ((sink["Name"] ?? sink.Value) is { } name && name != SinkName)
            warnings.Add($"\"{name}\" is not \"{SinkName}\". Serilog silently ignores a sink that it does not find.");
        return warnings;
    }

    // Searches all levels: a sink may be nested in another, such as in a fallback.
    private static IEnumerable<IConfigurationSection> FindSinks(IConfiguration configuration)
    {
        foreach (var child in configuration.GetChildren())
        {
            if (string.Equals(child["Name"] ?? child.Value, SinkName, StringComparison.OrdinalIgnoreCase)
                && child.Key != "Name" && !IsSinkList(child.Key) && IsInSinkList(child.Path))
            {
                yield return child;
            }

            foreach (var inner in FindSinks(child))
                yield return inner;
        }
    }

    private static bool IsInSinkList(string path) => path.Split(':').Any(IsSinkList);

    private static bool IsSinkList(string key) =>
        key.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase);

    private static bool IsExporterSetting(string key) =>
        ExporterSettings.Own.Any(setting => setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase));

    private static bool IsCollection(IConfigurationSection argument) =>
        CollectionArguments.Contains(argument.Key, StringComparer.OrdinalIgnoreCase);

    // Unknown arguments are excluded here: the sink's own code reports them, and they must not be reported twice.
    private static bool IsSingleValue(IConfigurationSection argument) =>
        !IsCollection(argument)
        && MetrixSettings.All.Any(setting => setting.Name.Equals(argument.Key, StringComparison.OrdinalIgnoreCase));

    private static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
