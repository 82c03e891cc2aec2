namespace Metrix.Client.Configuration;

/// <summary>
/// Validates settings once, when a client is created, regardless of their source.
/// </summary>
internal static class OptionsValidator
{
    /// <summary>
    /// Throws if a setting is missing or invalid.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="found">The problems that were found while reading the settings. All are reported at once.</param>
    /// <param name="own">The front end's own settings, in addition to <see cref="MetrixSettings.All"/>.</param>
    /// <exception cref="ArgumentException">There are problems. The message lists all of them.</exception>
    public static void Validate(
        MetrixOptions options, IEnumerable<string>? found = null, params IEnumerable<Setting> own)
    {
        var problems = new List<string>(found ?? []);
        if (KeysProblem(options) is { } keysProblem)
            problems.Add(keysProblem);

        foreach (var setting in MetrixSettings.All.Concat(own))
        {
            if (setting.FindProblem(options) is { } problem)
                problems.Add($"{setting.Name}: {problem}. {setting.ExampleLine}");
        }

        if (options.TimeProvider is null)
            problems.Add("TimeProvider: it is null. Example: TimeProvider.System");

        if (problems.Count > 0)
        {
            throw new ArgumentException(
                "Metrix cannot start with these settings:" +
                string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}")));
        }
    }

    private static string? KeysProblem(MetrixOptions options)
    {
        const string Example = "Example: \"appId\": \"your-app-id\", \"devKey\": \"your-dev-key\"";
        var hasPair = options.AppId is not null || options.DevKey is not null;
        if (options.Apps.Count > 0)
        {
            return hasPair
                ? "Apps: both Apps and AppId or DevKey are set. Keep Apps for several apps, or AppId and DevKey for " +
                  $"one. {Example}"
                : null;
        }

        if (!hasPair)
            return $"AppId: no app is configured. {Example}";

        return MetrixSettings.AppKeysProblem(options.AppId, options.DevKey) is { } problem
            ? $"{problem}. {Example}"
            : null;
    }
}
