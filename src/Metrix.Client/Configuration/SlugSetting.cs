using Metrix.Client.Rules;

namespace Metrix.Client.Configuration;

/// <summary>
/// Reads the slug map from configuration. The value of a name is a slug, or an object with a slug and conditions:
/// <c>"POST /checkout": { "Slug": "taqsq", "When": { "http.response.status_code": "200..299" } }</c>.
/// </summary>
internal static class SlugSetting
{
    private const string SlugKey = "Slug";
    private const string WhenKey = "When";

    public static Setting Create() =>
        new("Slugs", """{ "Purchase": "taqsq" }""", o => o.Slugs, Read, FindProblem);

    private static void Read(MetrixOptions options, SettingNode node)
    {
        Setting.RejectScalar(node, "a map of names");
        foreach (var child in node.Children)
            ReadEntry(options, child.Key, child);
    }

    private static void ReadEntry(MetrixOptions options, string name, SettingNode node)
    {
        if (node.Children.Count == 0)
        {
            options.Slugs[name] = Setting.Scalar(node);
        }
        else if (EndsInRouteParameter(name))
        {
            foreach (var child in node.Children)
                ReadEntry(options, $"{name}:{child.Key}", child);
        }
        else
        {
            options.Slugs[name] = ReadConditional(node);
        }
    }

    // Configuration splits keys at colons, and a route such as "GET /orders/{id:int}" contains one.
    private static bool EndsInRouteParameter(string name) => name.LastIndexOf('{') > name.LastIndexOf('}');

    private static MetrixEventRule ReadConditional(SettingNode node)
    {
        SettingNode? slug = null;
        SettingNode? when = null;
        foreach (var child in node.Children)
        {
            if (string.Equals(child.Key, SlugKey, StringComparison.OrdinalIgnoreCase))
                slug = child;
            else if (string.Equals(child.Key, WhenKey, StringComparison.OrdinalIgnoreCase))
                when = child;
            else
            {
                throw new FormatException(
                    $"\"{child.Path}\" is unknown. {NearestName.Hint(child.Key, [SlugKey, WhenKey]).TrimEnd('.')}");
            }

        }

        if (slug is null)
            throw new FormatException($"\"{node.Path}\" has no {SlugKey}");

        var entry = new MetrixEventRule(Setting.Scalar(slug));
        foreach (var condition in when?.Children ?? [])
            ReadCondition(entry, condition.Key, condition);
        return entry;
    }

    private static void ReadCondition(MetrixEventRule entry, string name, SettingNode node)
    {
        // Configuration represents a list as children with numbers.
        entry.When[name] = node.Children.Count == 0
            ? [Setting.Scalar(node)]
            : [.. node.Children.Select(Setting.Scalar)];
    }

    private static string? FindProblem(MetrixOptions options)
    {
        foreach (var (name, entry) in options.Slugs)
        {
            if (string.IsNullOrWhiteSpace(name))
                return "a name in it is empty";
            if (string.IsNullOrWhiteSpace(entry?.Slug))
                return $"the slug of \"{name}\" is empty";

            foreach (var (property, accepted) in entry.When)
            {
                if (ConditionProblem(property, accepted) is { } problem)
                    return $"the condition of \"{name}\" {problem}";
            }
        }

        return null;
    }

    private static string? ConditionProblem(string property, IReadOnlyList<string>? accepted)
    {
        if (string.IsNullOrWhiteSpace(property))
            return "does not name a property";
        if (accepted is not { Count: > 0 } || accepted.Any(string.IsNullOrWhiteSpace))
            return $"on \"{property}\" has no value";

        try
        {
            foreach (var value in accepted)
                ValuePattern.Parse(value);
            return null;
        }
        catch (FormatException exception)
        {
            return $"on \"{property}\": {exception.Message}";
        }
    }
}
