using System.Runtime.CompilerServices;

namespace Metrix.Client.Rules;

/// <summary>
/// Remembers what message templates say. A template of the code is one object each time, so the object is the key.
/// </summary>
/// <remarks>
/// A template has four places, after its hash, and takes another's when all are taken: an application that makes up
/// templates as it runs cannot fill the cache, and one with more templates than places only looks into some of them again.
/// Read and written by all threads without a lock: a place holds one reference, to an entry that knows its template.
/// </remarks>
/// <param name="look">Looks into a template that is not known.</param>
internal sealed class CallSiteCache<TTemplate, TFound>(Func<TTemplate, TFound> look)
    where TTemplate : class
{
    // Serilog itself keeps a thousand templates.
    private const int SlotCount = 2048;
    private const int SlotsPerTemplate = 4;

    private readonly Entry?[] _slots = new Entry?[SlotCount];
    private int _next;

    public TFound GetOrAdd(TTemplate template)
    {
        var first = RuntimeHelpers.GetHashCode(template);
        for (var i = 0; i < SlotsPerTemplate; i++)
        {
            var known = _slots[(first + i) & (SlotCount - 1)];
            if (known is null)
                return Add(template, first + i);
            if (ReferenceEquals(known.Template, template))
                return known.Found;
        }

        return Add(template, first + (_next++ & (SlotsPerTemplate - 1)));
    }

    private TFound Add(TTemplate template, int place)
    {
        var found = look(template);
        _slots[place & (SlotCount - 1)] = new Entry(template, found);
        return found;
    }

    private sealed class Entry(TTemplate template, TFound found)
    {
        public readonly TTemplate Template = template;
        public readonly TFound Found = found;
    }
}
