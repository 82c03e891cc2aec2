namespace Metrix.Client.Configuration;

/// <summary>
/// Checks settings once, where they enter, wherever they came from.
/// </summary>
internal static class OptionsValidator
{
    /// <summary>
    /// Throws when a setting is missing or impossible.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="found">What was found wrong while they were read: all is told in one go.</param>
    /// <param name="own">What the front end has beside <see cref="MetrixSettings.All"/>.</param>
    /// <exception cref="ArgumentException">There is a problem; the message tells of all.</exception>
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
        const string Right = "Example: \"appId\": \"your-app-id\", \"devKey\": \"your-dev-key\"";
        var hasPair = options.AppId is not null || options.DevKey is not null;
        if (options.Apps.Count > 0)
        {
            return hasPair
                ? "Apps: both Apps and AppId or DevKey are given. Keep Apps for several apps, or AppId and DevKey for " +
                  $"one. {Right}"
                : null;
        }

        if (!hasPair)
            return $"AppId: no app is given. {Right}";

        return MetrixSettings.AppKeysProblem(options.AppId, options.DevKey) is { } problem ? $"{problem}. {Right}" : null;
    }
}
