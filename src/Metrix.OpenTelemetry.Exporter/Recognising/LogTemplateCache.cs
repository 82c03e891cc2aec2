using System.Runtime.CompilerServices;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Recognising;

/// <summary>
/// Remembers what templates say. A template is a literal of the code, and so one object each time: the object is the key.
/// </summary>
/// <remarks>
/// A template has four places, after its hash, and takes another's when all are taken: an application that makes up
/// templates as it runs cannot fill the cache. Read and written by all threads without a lock: a place holds one reference,
/// to a pair that knows its template.
/// </remarks>
internal sealed class LogTemplateCache(SlugMap slugs)
{
    private const int Places = 2048;
    private const int PlacesOfOne = 4;

    private readonly Entry?[] _places = new Entry?[Places];
    private int _next;

    public LogTemplate Find(string text)
    {
        var first = RuntimeHelpers.GetHashCode(text);
        for (var i = 0; i < PlacesOfOne; i++)
        {
            var known = _places[(first + i) & (Places - 1)];
            if (known is null)
                return Remember(text, first + i);
            if (ReferenceEquals(known.Text, text))
                return known.Template;
        }

        return Remember(text, first + (_next++ & (PlacesOfOne - 1)));
    }

    private LogTemplate Remember(string text, int place)
    {
        var template = LogTemplate.Parse(text, slugs);
        _places[place & (Places - 1)] = new Entry(text, template);
        return template;
    }

    private sealed record Entry(string Text, LogTemplate Template);
}
