using System.Diagnostics;
using Metrix.AspNetCore.Identity;
using Metrix.Client.Mapping;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;

namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// The ids as members of W3C baggage (https://www.w3.org/TR/baggage/), under the names of the fields.
/// </summary>
internal static class IdentityBaggage
{
    /// <summary>What is carried: no address, which is the receiver's own to find.</summary>
    public static IReadOnlyList<EventField> Fields { get; } =
        [EventField.MetrixUserId, EventField.MetrixSessionId, EventField.AdvertisingId, EventField.Idfa, EventField.App];

    /// <summary>Whether a member is one of the ids, and which. Without regard to case, for whoever reads it so.</summary>
    public static bool IsMember(ReadOnlySpan<char> name, out EventField field)
    {
        foreach (var known in Fields)
        {
            if (name.Equals(FieldNames.NameOf(known), StringComparison.OrdinalIgnoreCase))
            {
                field = known;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>
    /// Takes the ids out of the baggage that came with a request, before anything of the application runs: frameworks would
    /// send all baggage on, to whichever host.
    /// </summary>
    /// <returns>What was taken.</returns>
    public static IReadOnlyDictionary<EventField, string> TakeFrom(HttpContext context)
    {
        var taken = new Dictionary<EventField, string>();

        // OpenTelemetry reads it where it propagates baggage; ASP.NET Core itself puts it on the server span.
        foreach (var (name, value) in Baggage.Current.GetBaggage())
        {
            if (IsMember(name, out var field))
            {
                taken.TryAdd(field, value);
                Baggage.Current = Baggage.Current.RemoveBaggage(name);
            }
        }

        if (ServerSpan.Of(context) is { } span)
            TakeFrom(span, taken);
        return taken;
    }

    // A member may come several times, and removing takes one of them.
    private static void TakeFrom(Activity span, Dictionary<EventField, string> taken)
    {
        foreach (var (name, value) in span.Baggage.ToArray())
        {
            if (!IsMember(name, out var field))
                continue;

            if (value is not null)
                taken.TryAdd(field, value);
            span.SetBaggage(name, null);
        }
    }
}
