using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Configuration;

/// <summary>
/// Brings the section <c>Metrix</c> and the arguments of <c>WriteTo</c> together: arguments win.
/// </summary>
internal static class SinkArguments
{
    private const string SinkName = "Metrix";

    private static readonly string[] Known =
        [.. MetrixSettings.All.Select(setting => setting.Name), "RestrictedToMinimumLevel", "LevelSwitch"];

    // What is named so elsewhere in the configuration is somebody else's.
    private static bool IsSinks(string key) =>
        key.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase) || key.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the section, and the arguments as configuration gives them over it.</summary>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <param name="single">Arguments that are one value.</param>
    /// <param name="several">Arguments that are lists and maps.</param>
    /// <param name="level">The least level, as text.</param>
    /// <param name="levelSwitch">What changes it.</param>
    /// <param name="problems">Where it is said which names are unknown and which values do not parse.</param>
    public static MetrixSinkOptions Read(
        IConfiguration configuration, (string Name, string? Value)[] single, (string Name, IConfigurationSection? Value)[] several,
        string? level, LoggingLevelSwitch? levelSwitch, ICollection<string> problems)
    {
        FindUnknown(configuration, problems);
        var options = new MetrixSinkOptions { LevelSwitch = levelSwitch };
        ReadLevel(options, level, problems);
        ReadSection(options, configuration, problems);
        var given = single.Where(argument => argument.Value is not null).ToArray();
        PreferArguments(
            options, given.Any(argument => argument.Name is "appId" or "devKey"),
            several.Any(argument => argument is { Name: "apps", Value: not null }));
        MetrixSettings.Read(
            options,
            [
                .. given.Select(argument => KeyValuePair.Create(argument.Name, argument.Value)),
                .. several.SelectMany(argument => Pairs(argument.Name, argument.Value)),
            ],
            section: "",
            problems);
        return options;
    }

    /// <summary>
    /// Reads the section, when there is one.
    /// </summary>
    /// <param name="options">What is read into.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <param name="problems">Where it is said which names are unknown and which values do not parse.</param>
    public static void ReadSection(MetrixSinkOptions options, IConfiguration configuration, ICollection<string> problems)
    {
        var section = configuration as IConfigurationSection;
        if (!string.Equals(section?.Key, MetrixSettings.Section, StringComparison.OrdinalIgnoreCase))
            section = configuration.GetSection(MetrixSettings.Section);

        MetrixSettings.Read(options, section!.AsEnumerable(makePathsRelative: true), section!.Path, problems);
    }

    /// <summary>One app from the arguments replaces several from the section, and the other way round.</summary>
    public static void PreferArguments(MetrixSinkOptions options, bool hasSingleApp, bool hasApps)
    {
        if (hasApps && !hasSingleApp)
            (options.AppId, options.DevKey) = (null, null);
        else if (hasSingleApp && !hasApps)
            options.Apps.Clear();
    }

    /// <summary>
    /// The pairs of an argument that is a list or a map, with <c>%NAME%</c> expanded from the environment as in every
    /// other argument.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string?>> Pairs(string name, IConfigurationSection? argument)
    {
        if (argument is null)
            yield break;

        foreach (var (path, value) in argument.AsEnumerable(makePathsRelative: true))
        {
            if (path.Length > 0 && value is not null)
                yield return new($"{name}:{path}", Environment.ExpandEnvironmentVariables(value));
        }
    }

    /// <summary>Reads the level, which Serilog itself would refuse without the name of the setting.</summary>
    private static void ReadLevel(MetrixSinkOptions options, string? level, ICollection<string> problems)
    {
        if (level is null)
            return;

        if (Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !char.IsAsciiDigit(level[0]))
            options.RestrictedToMinimumLevel = parsed;
        else
            problems.Add($"RestrictedToMinimumLevel: \"{level}\" is no level. Example: \"restrictedToMinimumLevel\": \"Information\"");
    }

    /// <summary>
    /// Finds arguments that no setting has: whoever reads the configuration ignores them, and a limit that somebody
    /// mistyped would keep its default in silence.
    /// </summary>
    private static void FindUnknown(IConfiguration configuration, ICollection<string> problems) =>
        FindUnknown(configuration, isWithinSinks: false, problems);

    private static void FindUnknown(IConfiguration configuration, bool isWithinSinks, ICollection<string> problems)
    {
        foreach (var child in configuration.GetChildren())
        {
            if (isWithinSinks && child["Name"] == SinkName)
            {
                foreach (var argument in child.GetSection("Args").GetChildren())
                {
                    if (!Known.Contains(argument.Key, StringComparer.OrdinalIgnoreCase))
                        problems.Add($"{argument.Path}: unknown argument. {NearestName.Hint(argument.Key, Known)}");
                }
            }

            FindUnknown(child, isWithinSinks || IsSinks(child.Key), problems);
        }
    }
}
