using System.Globalization;

namespace Metrix.Tests.Support;

/// <summary>
/// Cultures whose numbers, dates and calendars differ: all that is sent must be the same under each.
/// </summary>
public sealed class Cultures : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    private Cultures(string name) => CultureInfo.CurrentCulture = new CultureInfo(name);

    public static string[] Names { get; } = ["en-US", "fa-IR", "ar-SA", "de-DE"];

    public static IDisposable Use(string name) => new Cultures(name);

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
