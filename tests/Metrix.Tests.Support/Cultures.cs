using System.Globalization;

namespace Metrix.Tests.Support;

/// <summary>
/// Changes the current culture until it is disposed. The cultures in <see cref="Names"/> differ in numbers, dates and
/// calendars; an event must have the same bytes under each.
/// </summary>
public sealed class Cultures : IDisposable
{
    private readonly CultureInfo _previous = CultureInfo.CurrentCulture;

    private Cultures(string name) => CultureInfo.CurrentCulture = new CultureInfo(name);

    public static string[] Names { get; } = ["en-US", "fa-IR", "ar-SA", "de-DE"];

    public static IDisposable Use(string name) => new Cultures(name);

    public void Dispose() => CultureInfo.CurrentCulture = _previous;
}
