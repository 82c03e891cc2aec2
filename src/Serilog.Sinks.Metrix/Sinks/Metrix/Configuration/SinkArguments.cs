using Metrix.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Configuration;

/// <summary>
/// Merges the section <c>Metrix</c> with the arguments of <c>WriteTo</c> or <c>AuditTo</c>. Arguments override the
/// section.
/// </summary>
internal static class SinkArguments
{
    private const string SinkName = "Metrix";

    private static readonly string[] KnownNames =
        [.. MetrixSettings.All.Select(setting => setting.Name), "RestrictedToMinimumLevel", "LevelSwitch"];

    /// <summary>Reads the section, then the arguments of the configuration over it.</summary>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <param name="scalars">The arguments that hold a single value.</param>
    /// <param name="collections">The arguments that hold a list or a map.</param>
    /// <param name="level">The minimum level, as text.</param>
    /// <param name="levelSwitch">The switch that changes the minimum level at run time.</param>
    /// <param name="problems">Receives a message for each unknown name and each value that does not parse.</param>
    public static MetrixSinkOptions Read(
        IConfiguration configuration,
        (string Name, string? Value)[] scalars,
        (string Name, IConfigurationSection? Value)[] collections,
        string? level,
        LoggingLevelSwitch? levelSwitch,
        ICollection<string> problems)
    {
        FindUnknown(configuration, problems);
        var options = new MetrixSinkOptions { LevelSwitch = levelSwitch };
        ReadLevel(options, level, problems);
        ReadSection(options, configuration, problems);
        var givenScalars = scalars.Where(argument => argument.Value is not null).ToArray();
        PreferArguments(
            options,
            givenScalars.Any(argument => argument.Name is "appId" or "devKey"),
            collections.Any(argument => argument is { Name: "apps", Value: not null }));
        MetrixSettings.Read(
            options,
            [
                .. givenScalars.Select(argument => KeyValuePair.Create(argument.Name, argument.Value)),
                .. collections.SelectMany(argument => Flatten(argument.Name, argument.Value)),
            ],
            section: "",
            problems);
        return options;
    }

    /// <summary>Reads the section <c>Metrix</c> into the options, if the section exists.</summary>
    /// <param name="options">The options to fill.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <param name="problems">Receives a message for each unknown name and each value that does not parse.</param>
    public static void ReadSection(
        MetrixSinkOptions options, IConfiguration configuration, ICollection<string> problems)
    {
        var section = configuration as IConfigurationSection;
        if (!string.Equals(section?.Key, MetrixSettings.Section, StringComparison.OrdinalIgnoreCase))
            section = configuration.GetSection(MetrixSettings.Section);

        MetrixSettings.Read(options, section!.AsEnumerable(makePathsRelative: true), section!.Path, problems);
    }

    /// <summary>
    /// Clears what the section says about apps when the arguments use the other form: a single app in the arguments
    /// replaces several apps in the section, and the other way round.
    /// </summary>
    public static void PreferArguments(MetrixSinkOptions options, bool hasSingleApp, bool hasApps)
    {
        if (hasApps && !hasSingleApp)
            (options.AppId, options.DevKey) = (null, null);
        else if (hasSingleApp && !hasApps)
            options.Apps.Clear();
    }

    /// <summary>
    /// Flattens an argument that is a list or a map into pairs of path and value, and expands <c>%NAME%</c> from the
    /// environment. Serilog expands it only in scalar arguments.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string name, IConfigurationSection? argument)
    {
        if (argument is null)
            yield break;

        foreach (var (path, value) in argument.AsEnumerable(makePathsRelative: true))
        {
            if (path.Length > 0 && value is not null)
                yield return new($"{name}:{path}", Environment.ExpandEnvironmentVariables(value));
        }
    }

    /// <summary>
    /// Reads the minimum level from text. An argument of the enum type would make Serilog throw without the name of the
    /// setting.
    /// </summary>
    private static void ReadLevel(MetrixSinkOptions options, string? level, ICollection<string> problems)
    {
        if (level is null)
            return;

        if (Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out var parsed) &&
            Enum.IsDefined(parsed) &&
            !char.IsAsciiDigit(level[0]))
        {
            options.RestrictedToMinimumLevel = parsed;
        }
        else
        {
            problems.Add(
                $"RestrictedToMinimumLevel: \"{level}\" is not a level. " +
                "Example: \"restrictedToMinimumLevel\": \"Information\"");
        }
    }

    /// <summary>
    /// Finds arguments that are not settings. Serilog ignores them, so a mistyped limit would silently keep its
    /// default.
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
                    if (!KnownNames.Contains(argument.Key, StringComparer.OrdinalIgnoreCase))
                    {
                        problems.Add(
                            $"{argument.Path}: unknown argument. {NearestName.Hint(argument.Key, KnownNames)}");
                    }
                }
            }

            FindUnknown(child, isWithinSinks || IsSinkList(child.Key), problems);
        }
    }

    // An object named "Metrix" outside of these keys belongs to another component.
    private static bool IsSinkList(string key) =>
        key.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase) ||
        key.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase);
}
