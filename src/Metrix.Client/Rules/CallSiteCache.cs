using System.Runtime.CompilerServices;

namespace Metrix.Client.Rules;

/// <summary>
/// Caches what is known about message templates. A template in code is the same object each time, so the object is the
/// key.
/// </summary>
/// <remarks>
/// A template has four slots, given by its hash, and replaces another template if all are taken. An application that
/// creates templates at run time therefore cannot grow the cache; one with more templates than slots only evaluates
/// some of them again. All threads read and write without a lock: a slot holds one reference, to an entry that knows
/// its template.
/// </remarks>
/// <param name="evaluate">Evaluates a template that is not in the cache.</param>
internal sealed class CallSiteCache<TTemplate, TResult>(Func<TTemplate, TResult> evaluate)
    where TTemplate : class
{
    // Serilog itself caches a thousand templates.
    private const int SlotCount = 2048;
    private const int SlotsPerTemplate = 4;

    private readonly Entry?[] _slots = new Entry?[SlotCount];
    private int _next;

    public TResult GetOrAdd(TTemplate template)
    {
        var first = RuntimeHelpers.GetHashCode(template);
        for (var i = 0; i < SlotsPerTemplate; i++)
        {
            var cached = _slots[(first + i) & (SlotCount - 1)];
            if (cached is null)
                return Add(template, first + i);
            if (ReferenceEquals(cached.Template, template))
                return cached.Result;
        }

        return Add(template, first + (_next++ & (SlotsPerTemplate - 1)));
    }

    private TResult Add(TTemplate template, int slot)
    {
        var result = evaluate(template);
        _slots[slot & (SlotCount - 1)] = new Entry(template, result);
        return result;
    }

    private sealed class Entry(TTemplate template, TResult result)
    {
        public readonly TTemplate Template = template;
        public readonly TResult Result = result;
    }
}
