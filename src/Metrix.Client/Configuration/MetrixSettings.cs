using Metrix.Client.Mapping;

namespace Metrix.Client.Configuration;

/// <summary>
/// Lists all settings: how each is read, validated and described.
/// </summary>
internal static class MetrixSettings
{
    /// <summary>The configuration section that both front ends read.</summary>
    public const string Section = "Metrix";

    private static readonly string[] AppKeys = [nameof(MetrixAppOptions.AppId), nameof(MetrixAppOptions.DevKey)];

    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Text("AppId", "\"your-app-id\"", o => o.AppId, (o, v) => o.AppId = v),
        Setting.Text("DevKey", "\"your-dev-key\"", o => o.DevKey, (o, v) => o.DevKey = v),
        new("Endpoint", "\"https://analytics.metrix.ir\"", o => o.Endpoint, ReadEndpoint, EndpointProblem),
        new("Apps", """{ "android": { "appId": "your-app-id", "devKey": "your-dev-key" } }""",
            o => o.Apps, ReadApps, AppsProblem),
        SlugSetting.Create(),
        Setting.Map("Fields", """{ "metrixUserId": "CustomerMetrixId" }""", o => o.Fields, FieldsProblem),
        Setting.List("Attributes", """[ "OrderId" ]""", o => o.Attributes),
        Setting.List("Include", """[ "MachineName" ]""", o => o.Include),
        Setting.List("Exclude", """[ "Internal*" ]""", o => o.Exclude),
        new("Redact", """{ "Email": "Hash", "Phone*": "Drop" }""", o => o.Redact, ReadRedact, RedactProblem),
        Setting.Choice("EventTimeUnit", "\"Milliseconds\"", o => o.EventTimeUnit, (o, v) => o.EventTimeUnit = v),
        Setting.Duration("Period", "\"00:00:02\"", TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1),
            o => o.Period, (o, v) => o.Period = v),
        Setting.Count("BatchSizeLimit", "500", 1, 100_000, o => o.BatchSizeLimit, (o, v) => o.BatchSizeLimit = (int)v),
        Setting.Count("QueueLimit", "100000", 1, 10_000_000, o => o.QueueLimit, (o, v) => o.QueueLimit = (int)v),
        Setting.Text("OutboxPath", "\"/var/lib/shop/metrix.db\"", o => o.OutboxPath, (o, v) => o.OutboxPath = v) with
        {
            FindProblem = o => o.OutboxPath is { } path && string.IsNullOrWhiteSpace(path) ? "it is empty" : null,
        },
        Setting.Count("OutboxSizeLimit", "67108864", 64L << 10, 1L << 40,
            o => o.OutboxSizeLimit, (o, v) => o.OutboxSizeLimit = v),
        Setting.Count("MaxInFlight", "64", 1, 1_000, o => o.MaxInFlight, (o, v) => o.MaxInFlight = (int)v),
        Setting.Duration("RequestTimeout", "\"00:00:10\"", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10),
            o => o.RequestTimeout, (o, v) => o.RequestTimeout = v),
        Setting.Duration("RetryTimeLimit", "\"01:00:00\"", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30),
            o => o.RetryTimeLimit, (o, v) => o.RetryTimeLimit = v),
        Setting.Duration("FlushTimeout", "\"00:00:08\"", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1),
            o => o.FlushTimeout, (o, v) => o.FlushTimeout = v),
        Setting.Switch("DetectCaptivePortal", "true", o => o.DetectCaptivePortal, (o, v) => o.DetectCaptivePortal = v),
    ];

    /// <summary>
    /// Gets the settings that only one front end has. It reads them itself, and the others ignore them.
    /// </summary>
    public static IReadOnlyList<string> FrontEndSpecificNames { get; } =
        ["UnsampledActivities", "BaggageKeys", "Identity", "Sources"];

    private static readonly string[] Names = [.. All.Select(s => s.Name), .. FrontEndSpecificNames];

    /// <summary>
    /// Reads settings into <paramref name="options"/>, replacing their previous values.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="pairs">Paths relative to the section, such as <c>Slugs:Purchase</c>, with their values.</param>
    /// <param name="section">The path of the section, for messages. Empty for arguments.</param>
    /// <param name="problems">Receives the unknown names and the values that cannot be parsed.</param>
    /// <param name="own">The front end's own settings, in addition to <see cref="All"/>.</param>
    public static void Read(
        MetrixOptions options, IEnumerable<KeyValuePair<string, string?>> pairs, string section,
        ICollection<string> problems, params IEnumerable<Setting> own)
    {
        var prefix = section.Length == 0 ? "" : section + ":";
        foreach (var node in SettingNode.FromPairs(pairs).Children)
        {
            var setting = All.Concat(own).FirstOrDefault(
                s => string.Equals(s.Name, node.Key, StringComparison.OrdinalIgnoreCase));
            if (setting is null)
            {
                if (FrontEndSpecificNames.Contains(node.Key, StringComparer.OrdinalIgnoreCase))
                    continue;

                problems.Add($"{prefix}{node.Path}: unknown setting. {NearestName.Hint(node.Key, Names)}");
                continue;
            }

            try
            {
                setting.Read(options, node);
            }
            catch (FormatException exception)
            {
                problems.Add($"{prefix}{setting.Name}: {exception.Message}. {setting.ExampleLine}");
            }
        }
    }

    private static void ReadEndpoint(MetrixOptions options, SettingNode node) =>
        options.Endpoint = Uri.TryCreate(Setting.Scalar(node), UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw new FormatException("it is not an absolute address that starts with https:// or http://");

    // The message does not contain the address, which may hold a user name and password.
    private static string? EndpointProblem(MetrixOptions options) => options.Endpoint switch
    {
        null => "it is null",
        { IsAbsoluteUri: false } => "it is not an absolute address that starts with https:// or http://",
        { Scheme: not ("https" or "http") } => "it does not start with https:// or http://",
        { UserInfo.Length: > 0 } => "it contains a user name",
        { Query.Length: > 0 } or { Fragment.Length: > 0 } => "it has a query or a fragment",
        _ => null,
    };

    private static void ReadApps(MetrixOptions options, SettingNode node)
    {
        Setting.RejectScalar(node, "a map of apps");
        foreach (var app in node.Children)
        {
            Setting.RejectScalar(app, "an app with its appId and devKey");
            if (!options.Apps.TryGetValue(app.Key, out var keys))
                options.Apps[app.Key] = keys = new MetrixAppOptions();

            foreach (var child in app.Children)
            {
                var known = AppKeys.FirstOrDefault(
                    key => string.Equals(key, child.Key, StringComparison.OrdinalIgnoreCase));
                switch (known)
                {
                    case nameof(MetrixAppOptions.AppId):
                        keys.AppId = Setting.Scalar(child);
                        break;
                    case nameof(MetrixAppOptions.DevKey):
                        keys.DevKey = Setting.Scalar(child);
                        break;
                    default:
                        throw new FormatException(
                            $"\"{child.Path}\" is unknown. {NearestName.Hint(child.Key, AppKeys).TrimEnd('.')}");
                }
            }
        }
    }

    private static string? AppsProblem(MetrixOptions options)
    {
        foreach (var (name, app) in options.Apps)
        {
            if (string.IsNullOrWhiteSpace(name))
                return "an app has an empty name";
            if (AppKeysProblem(app?.AppId, app?.DevKey) is { } problem)
                return $"the app \"{name}\": {problem}";
        }

        return null;
    }

    /// <summary>Returns what is wrong with an app's keys, or null. The text does not contain the dev key.</summary>
    public static string? AppKeysProblem(string? appId, string? devKey)
    {
        if (string.IsNullOrWhiteSpace(appId))
            return "AppId is missing";
        if (string.IsNullOrWhiteSpace(devKey))
            return "DevKey is missing";
        if (appId.Any(char.IsControl))
            return "AppId contains a line break or another control character";
        if (appId.Trim() is "." or "..")
            return "AppId must not be \".\" or \"..\"";
        if (devKey.Any(c => c is < '!' or > '~'))
            return "DevKey contains a line break, a space or another character that is not allowed in an HTTP header";
        return null;
    }

    private static void ReadRedact(MetrixOptions options, SettingNode node)
    {
        Setting.RejectScalar(node, "a map of names");
        foreach (var child in node.Children)
            options.Redact[child.Key] = Setting.ReadChoice<MetrixRedaction>(child);
    }

    private static string? RedactProblem(MetrixOptions options)
    {
        foreach (var (name, redaction) in options.Redact)
        {
            if (Setting.PatternProblem(name) is { } problem)
                return problem;
            if (!Enum.IsDefined(redaction))
                return $"the value of \"{name}\" is neither Drop nor Hash";
        }

        return null;
    }

    private static string? FieldsProblem(MetrixOptions options)
    {
        foreach (var (field, name) in options.Fields)
        {
            if (!FieldNames.FieldKeys.Contains(field, StringComparer.OrdinalIgnoreCase))
            {
                return $"\"{field}\" is not a field of an event. " +
                    NearestName.Hint(field, FieldNames.FieldKeys).TrimEnd('.');
            }

            if (string.IsNullOrWhiteSpace(name))
                return $"the name for \"{field}\" is empty";
        }

        return null;
    }
}
