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

    public static bool IsMember(ReadOnlySpan<char> name)
    {
        foreach (var field in Fields)
        {
            if (name.Equals(ReservedNames.NameOf(field), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Takes the ids out of what came with a request: frameworks would send all baggage on, to whichever host.
    /// </summary>
    public static void RemoveFrom(HttpContext context)
    {
        var span = ServerSpan.Of(context);
        foreach (var field in Fields)
        {
            var name = ReservedNames.NameOf(field);
            if (span?.GetBaggageItem(name) is not null)
                span.SetBaggage(name, null);
            if (Baggage.Current.GetBaggage(name) is not null)
                Baggage.Current = Baggage.Current.RemoveBaggage(name);
        }
    }
}
