using System.Globalization;

namespace Metrix.Client.Configuration;

/// <summary>
/// One setting: its name, how it is read from configuration, which values it may have, and a right one to copy.
/// </summary>
/// <param name="Name">The name in the section; arguments are the same in camel case, and both are read without regard
/// to case.</param>
/// <param name="Example">A right value, as JSON.</param>
/// <param name="Get">The present value.</param>
/// <param name="Read">Reads the value, or throws a <see cref="FormatException"/> that says what is wrong with it.</param>
/// <param name="FindProblem">What is wrong with the present value, or null.</param>
internal sealed record Setting(
    string Name,
    string Example,
    Func<MetrixOptions, object?> Get,
    Action<MetrixOptions, SettingNode> Read,
    Func<MetrixOptions, string?> FindProblem)
{
    /// <summary>The line to copy, which is right in the section and among the arguments alike.</summary>
    public string ExampleLine => $"Example: \"{char.ToLowerInvariant(Name[0])}{Name[1..]}\": {Example}";

    public static Setting Text(
        string name, string example, Func<MetrixOptions, string?> get, Action<MetrixOptions, string> set) =>
        new(name, example, get, (options, node) => set(options, Scalar(node)), _ => null);

    public static Setting Duration(
        string name, string example, TimeSpan least, TimeSpan most,
        Func<MetrixOptions, TimeSpan> get, Action<MetrixOptions, TimeSpan> set)
    {
        return new(name, example, options => get(options), (options, node) => set(options, Parse(Scalar(node))),
            options => get(options) < least || get(options) > most
                ? $"{get(options):c} is not between {least:c} and {most:c}"
                : null);

        // A bare number is read as days by TimeSpan: whoever writes "2" means seconds, and would wait two days.
        static TimeSpan Parse(string text) =>
            text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new FormatException(
                    $"\"{text}\" is not a duration: write hours:minutes:seconds, or days.hours:minutes:seconds");
    }

    public static Setting Count(
        string name, string example, long least, long most,
        Func<MetrixOptions, long> get, Action<MetrixOptions, long> set)
    {
        return new(name, example, options => get(options), (options, node) => set(options, Parse(Scalar(node))),
            options => get(options) < least || get(options) > most
                ? string.Create(CultureInfo.InvariantCulture, $"it is not between {least:N0} and {most:N0}")
                : null);

        // The range is checked with all others. What is far outside it is brought to where the setter's type can hold it.
        long Parse(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? Math.Clamp(value, least - 1, most + 1)
                : throw new FormatException($"\"{text}\" is not a whole number");
    }

    /// <summary>One of the names of an enumeration; its numbers are refused.</summary>
    public static Setting Choice<T>(string name, string example, Func<MetrixOptions, T> get, Action<MetrixOptions, T> set)
        where T : struct, Enum
    {
        var names = string.Join(" or ", Enum.GetNames<T>());
        return new(name, example, options => get(options), Read, Problem);

        void Read(MetrixOptions options, SettingNode node) => set(options, ReadChoice<T>(node));

        string? Problem(MetrixOptions options) => Enum.IsDefined(get(options)) ? null : $"it is not {names}";
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

    /// <summary>A list replaces the one that was there: configuration has merged its layers by then.</summary>
    public static Setting List(string name, string example, Func<MetrixOptions, IList<string>> get)
    {
        return new(name, example, get, Read, Problem);

        void Read(MetrixOptions options, SettingNode node)
        {
            RejectScalar(node, "a list");
            var list = get(options);
            list.Clear();
            foreach (var child in node.Children)
                list.Add(Scalar(child));
        }

        string? Problem(MetrixOptions options)
        {
            foreach (var pattern in get(options))
            {
                if (PatternProblem(pattern) is { } problem)
                    return problem;
            }

            return null;
        }
    }

    /// <summary>What is wrong with a name or <c>prefix*</c>, or null.</summary>
    public static string? PatternProblem(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            return "a name in it is empty";

        return pattern.AsSpan(0, pattern.Length - 1).Contains('*')
            ? $"\"{pattern}\" has a star that is not at its end: only a prefix can be given (\"prefix*\")"
            : null;
    }

    internal static string Scalar(SettingNode node) =>
        node is { Children.Count: 0, Value: { } value }
            ? value
            : throw new FormatException(
                node.Children.Count > 0
                    ? $"\"{node.Path}\" is a section, where one value is expected"
                    : $"\"{node.Path}\" is null, where a value is expected");

    // An empty list or map comes from configuration as an empty text, or as null. The text is not shown: it may be a key.
    internal static void RejectScalar(SettingNode node, string expected)
    {
        if (!string.IsNullOrEmpty(node.Value))
            throw new FormatException($"\"{node.Path}\" is a text, where {expected} is expected");
    }
}
