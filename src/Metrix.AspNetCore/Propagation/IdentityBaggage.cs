using System.Diagnostics;
using Metrix.AspNetCore.Identity;
using Metrix.Client.Mapping;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;

namespace Metrix.AspNetCore.Propagation;

/// <summary>
/// Reads ids from W3C baggage (https://www.w3.org/TR/baggage/). The members have the names of the fields.
/// </summary>
internal static class IdentityBaggage
{
    /// <summary>
    /// Gets the fields that baggage may contain. The device's address is not one of them.
    /// </summary>
    public static IReadOnlyList<EventField> Fields { get; } =
    [
        EventField.MetrixUserId,
        EventField.MetrixSessionId,
        EventField.AdvertisingId,
        EventField.Idfa,
        EventField.App,
    ];

    /// <summary>
    /// Determines whether a baggage member is one of the ids. Ignores case, so that an id is also removed for receivers
    /// that ignore case.
    /// </summary>
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
    /// Removes the ids from the incoming baggage of a request and returns them. Call it before the application's code
    /// runs: frameworks forward all baggage to any host.
    /// </summary>
    public static IReadOnlyDictionary<EventField, string> ExtractFrom(HttpContext context)
    {
        var ids = new Dictionary<EventField, string>();

        // OpenTelemetry reads incoming baggage into Baggage.Current; ASP.NET Core adds it to the server span.
        foreach (var (name, value) in Baggage.Current.GetBaggage())
        {
            if (IsMember(name, out var field))
            {
                ids.TryAdd(field, value);
                Baggage.Current = Baggage.Current.RemoveBaggage(name);
            }
        }

        if (ServerSpan.Of(context) is { } span)
            ExtractFrom(span, ids);
        return ids;
    }

    // Baggage may contain a member several times, and each removal removes only one of them. So remove it once for each
    // time it is enumerated.
    private static void ExtractFrom(Activity span, Dictionary<EventField, string> ids)
    {
        foreach (var (name, value) in span.Baggage.ToArray())
        {
            if (!IsMember(name, out var field))
                continue;

            if (value is not null)
                ids.TryAdd(field, value);
            span.SetBaggage(name, null);
        }
    }
}
