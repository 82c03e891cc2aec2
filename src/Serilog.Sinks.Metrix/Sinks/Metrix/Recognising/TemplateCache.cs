using System.Runtime.CompilerServices;
using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Recognising;

/// <summary>
/// Remembers what templates say. Serilog keeps one object for each template of the code, so the object is the key.
/// </summary>
/// <remarks>
/// One slot a hash, and the last one wins: an application that makes up templates as it runs cannot fill it, and one that
/// has two templates in a slot only looks into them again. Read and written by all threads without a lock: a slot holds
/// one reference, to a template that says nothing, or to a <see cref="TemplateMatch"/> that knows its template.
/// </remarks>
internal sealed class TemplateCache(SlugMap slugs)
{
    private const int Slots = 1024;

    private readonly object?[] _slots = new object?[Slots];

    public TemplateMatch? Find(MessageTemplate template)
    {
        ref var slot = ref _slots[RuntimeHelpers.GetHashCode(template) & (Slots - 1)];
        var known = slot;
        if (ReferenceEquals(known, template))
            return null;
        if (known is TemplateMatch match && ReferenceEquals(match.Template, template))
            return match;

        var found = TemplateMatch.Find(template, slugs);
        slot = (object?)found ?? template;
        return found;
    }
}
