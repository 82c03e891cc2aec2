using System.Runtime.CompilerServices;
using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// Remembers what templates say. Serilog keeps one object for each template of the code, so the object is the key.
/// </summary>
/// <remarks>
/// A template has four places, after its hash, and takes another's when all are taken: an application that makes up
/// templates as it runs cannot fill the cache, and one with more templates than places only looks into some of them again.
/// Read and written by all threads without a lock: a place holds one reference, to a template that says nothing, or to a
/// <see cref="TemplateMatch"/> that knows its template.
/// </remarks>
internal sealed class TemplateCache(SlugMap slugs)
{
    // Serilog itself keeps a thousand templates.
    private const int Places = 2048;
    private const int PlacesOfOne = 4;

    private readonly object?[] _places = new object?[Places];
    private int _next;

    public TemplateMatch? Find(MessageTemplate template)
    {
        var first = RuntimeHelpers.GetHashCode(template);
        for (var i = 0; i < PlacesOfOne; i++)
        {
            var known = _places[(first + i) & (Places - 1)];
            if (ReferenceEquals(known, template))
                return null;
            if (known is TemplateMatch match && ReferenceEquals(match.Template, template))
                return match;
            if (known is null)
                return Remember(template, first + i);
        }

        return Remember(template, first + (_next++ & (PlacesOfOne - 1)));
    }

    private TemplateMatch? Remember(MessageTemplate template, int place)
    {
        var found = TemplateMatch.Find(template, slugs);
        _places[place & (Places - 1)] = (object?)found ?? template;
        return found;
    }
}
