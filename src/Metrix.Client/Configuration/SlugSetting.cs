using Metrix.Client.Rules;

namespace Metrix.Client.Configuration;

/// <summary>
/// The slug map in configuration: a name with its slug, or with an object that has the slug and conditions:
/// <c>"POST /checkout": { "Slug": "taqsq", "When": { "http.response.status_code": "200..299" } }</c>.
/// </summary>
internal static class SlugSetting
{
    private const string SlugKey = "Slug";
    private const string WhenKey = "When";

    public static Setting Create() => new("Slugs", """{ "Purchase": "taqsq" }""", o => o.Slugs, Read, Problem);

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
        else if (IsWithinRouteParameter(name))
        {
            foreach (var child in node.Children)
                ReadEntry(options, $"{name}:{child.Key}", child);
        }
        else
        {
            options.Slugs[name] = ReadConditional(node);
        }
    }

    // Configuration parts its keys at colons, and a route such as "GET /orders/{id:int}" has one.
    private static bool IsWithinRouteParameter(string name) => name.LastIndexOf('{') > name.LastIndexOf('}');

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
                throw new FormatException($"\"{child.Path}\" is unknown. {NearestName.Hint(child.Key, [SlugKey, WhenKey]).TrimEnd('.')}");
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
        // A list comes as children that are numbered.
        entry.When[name] = node.Children.Count == 0
            ? [Setting.Scalar(node)]
            : [.. node.Children.Select(Setting.Scalar)];
    }

    private static string? Problem(MetrixOptions options)
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
            return "names no property";
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
