namespace Metrix.Client.Tracking;

/// <summary>
/// Converts the names of an enumeration to tag values: <c>AppUnknown</c> becomes <c>app_unknown</c>.
/// </summary>
internal static class TagValue
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.All[value];

    private static class Names<T>
        where T : struct, Enum
    {
        public static Dictionary<T, string> All { get; } =
            Enum.GetValues<T>().ToDictionary(value => value, ToSnakeCase);

        private static string ToSnakeCase(T value) => string.Concat(value.ToString().Select(
            (c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
