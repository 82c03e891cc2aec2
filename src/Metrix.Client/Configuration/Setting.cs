using System.Globalization;

namespace Metrix.Client.Configuration;

/// <summary>
/// Represents one setting: its name, how it is read from configuration, which values are valid, and an example.
/// </summary>
/// <param name="Name">The name in the section. Arguments have the same name in camel case. Both ignore case.</param>
/// <param name="Example">A valid value, as JSON.</param>
/// <param name="Get">Returns the current value.</param>
/// <param name="Read">Reads the value, or throws a <see cref="FormatException"/> that explains what is wrong.</param>
/// <param name="FindProblem">Returns what is wrong with the current value, or null.</param>
internal sealed record Setting(
    string Name,
    string Example,
    Func<MetrixOptions, object?> Get,
    Action<MetrixOptions, SettingNode> Read,
    Func<MetrixOptions, string?> FindProblem)
{
    /// <summary>Gets a line to copy, which is valid in the section and in arguments.</summary>
    public string ExampleLine => $"Example: \"{char.ToLowerInvariant(Name[0])}{Name[1..]}\": {Example}";

    public static Setting Text(
        string name, string example, Func<MetrixOptions, string?> get, Action<MetrixOptions, string> set) =>
        new(name, example, get, (options, node) => set(options, Scalar(node)), _ => null);

    public static Setting Duration(
        string name, string example, TimeSpan min, TimeSpan max,
        Func<MetrixOptions, TimeSpan> get, Action<MetrixOptions, TimeSpan> set)
    {
        return new(name, example, options => get(options), (options, node) => set(options, Parse(Scalar(node))),
            options => get(options) < min || get(options) > max
                ? $"{get(options):c} is not between {min:c} and {max:c}"
                : null);

        // TimeSpan reads a plain number as days. "2" is meant as seconds and would be two days.
        static TimeSpan Parse(string text) =>
            text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new FormatException(
                    $"\"{text}\" is not a duration: write hours:minutes:seconds, or days.hours:minutes:seconds");
    }

    public static Setting Count(
        string name, string example, long min, long max,
        Func<MetrixOptions, long> get, Action<MetrixOptions, long> set)
    {
        return new(name, example, options => get(options), (options, node) => set(options, Parse(Scalar(node))),
            options => get(options) < min || get(options) > max
                ? string.Create(CultureInfo.InvariantCulture, $"it is not between {min:N0} and {max:N0}")
                : null);

        // The range is validated later. Until then, a value far outside it is clamped to what the setter's type can
        // hold.
        long Parse(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? Math.Clamp(value, min - 1, max + 1)
                : throw new FormatException($"\"{text}\" is not a whole number");
    }

    public static Setting Switch(
        string name, string example, Func<MetrixOptions, bool> get, Action<MetrixOptions, bool> set)
    {
        return new(
            name, example, options => get(options), (options, node) => set(options, Parse(Scalar(node))), _ => null);

        static bool Parse(string text) =>
            bool.TryParse(text, out var value) ? value : throw new FormatException($"\"{text}\" is not true or false");
    }

    /// <summary>Creates a setting with the names of an enumeration. Its numbers are invalid.</summary>
    public static Setting Choice<T>(
        string name, string example, Func<MetrixOptions, T> get, Action<MetrixOptions, T> set)
        where T : struct, Enum
    {
        var names = string.Join(" or ", Enum.GetNames<T>());
        return new(name, example, options => get(options), Read, FindProblem);

        void Read(MetrixOptions options, SettingNode node) => set(options, ReadChoice<T>(node));

        string? FindProblem(MetrixOptions options) => Enum.IsDefined(get(options)) ? null : $"it is not {names}";
    }

    /// <summary>Reads one of the names of an enumeration.</summary>
    public static T ReadChoice<T>(SettingNode node)
        where T : struct, Enum
    {
        var text = Scalar(node);
        return Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw new FormatException($"\"{text}\" is not {string.Join(" or ", Enum.GetNames<T>())}");
    }

    public static Setting Map(
        string name, string example, Func<MetrixOptions, IDictionary<string, string>> get,
        Func<MetrixOptions, string?> problem)
    {
        return new(name, example, get, Read, problem);

        void Read(MetrixOptions options, SettingNode node)
        {
            RejectScalar(node, "a map of names");
            foreach (var child in node.Children)
                get(options)[child.Key] = Scalar(child);
        }
    }

    /// <summary>
    /// Creates a list setting. Reading replaces the list, because configuration has already merged its sources.
    /// </summary>
    public static Setting List(string name, string example, Func<MetrixOptions, IList<string>> get)
    {
        return new(name, example, get, Read, FindProblem);

        void Read(MetrixOptions options, SettingNode node)
        {
            RejectScalar(node, "a list");
            var list = get(options);
            list.Clear();
            foreach (var child in node.Children)
                list.Add(Scalar(child));
        }

        string? FindProblem(MetrixOptions options)
        {
            foreach (var pattern in get(options))
            {
                if (PatternProblem(pattern) is { } problem)
                    return problem;
            }

            return null;
        }
    }

    /// <summary>Returns what is wrong with a name or <c>prefix*</c>, or null.</summary>
    public static string? PatternProblem(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            return "a name in it is empty";

        return pattern.AsSpan(0, pattern.Length - 1).Contains('*')
            ? $"\"{pattern}\" has a star that is not at its end. Only a prefix is allowed (\"prefix*\")"
            : null;
    }

    internal static string Scalar(SettingNode node) =>
        node is { Children.Count: 0, Value: { } value }
            ? value
            : throw new FormatException(
                node.Children.Count > 0
                    ? $"\"{node.Path}\" is a section, but a single value is expected"
                    : $"\"{node.Path}\" is null, but a value is expected");

    // Configuration represents an empty list or map as an empty text or null. The message omits the text: it may be a
    // key.
    internal static void RejectScalar(SettingNode node, string expected)
    {
        if (!string.IsNullOrEmpty(node.Value))
            throw new FormatException($"\"{node.Path}\" is a text, but {expected} is expected");
    }
}
