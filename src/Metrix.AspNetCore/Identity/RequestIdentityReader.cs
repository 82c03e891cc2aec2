using System.Net;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Finds whom a request is from.
/// </summary>
internal sealed class RequestIdentityReader(MetrixIdentityOptions options)
{
    private readonly (EventField Field, string? Header, string? Claim)[] _names =
    [
        (EventField.MetrixUserId, options.UserIdHeader, options.UserIdClaim),
        (EventField.MetrixSessionId, options.SessionIdHeader, options.SessionIdClaim),
        (EventField.AdvertisingId, options.AdvertisingIdHeader, options.AdvertisingIdClaim),
        (EventField.Idfa, options.IdfaHeader, options.IdfaClaim),
    ];

    /// <summary>The end user, or null when the request tells nothing of one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="baggage">The ids that came in its baggage, which are read where the settings say so.</param>
    /// <param name="isCounted">Whether what is ignored is counted: once for each request.</param>
    public MetrixIdentity? Read(HttpContext context, IReadOnlyDictionary<EventField, string> baggage, bool isCounted)
    {
        // The more trusted first.
        Source[] sources =
        [
            OfOwn(context, isCounted),
            FromClaims(context, isCounted),
            FromHeaders(context, isCounted),
            options.ReadBaggage ? FromBaggage(baggage, isCounted) : default,
        ];
        if (Array.TrueForAll(sources, source => source.IsEmpty))
            return null;

        // Whoever names the platform names it alone: a header must not add a second one to a claim.
        var platform = Array.Find(sources, source => source.AdvertisingId is not null || source.Idfa is not null);
        return new MetrixIdentity
        {
            MetrixUserId = First(sources, source => source.UserId),
            MetrixSessionId = First(sources, source => source.SessionId),
            AdvertisingId = platform.AdvertisingId,
            Idfa = platform.Idfa,
            DeviceIp = First(sources, source => source.DeviceIp) ??
                (options.IncludeDeviceIp ? TextOf(context.Connection.RemoteIpAddress) : null),
            App = First(sources, source => source.App),
        };
    }

    private static string? First(Source[] sources, Func<Source, string?> select)
    {
        foreach (var source in sources)
        {
            if (select(source) is { } value)
                return value;
        }

        return null;
    }

    // The application's own source must not cost it its request.
    private Source OfOwn(HttpContext context, bool isCounted)
    {
        try
        {
            return options.Resolve?.Invoke(context) is { } own
                ? new Source(own.MetrixUserId, own.MetrixSessionId, own.AdvertisingId, own.Idfa, own.DeviceIp, own.App)
                : default;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (isCounted)
            {
                Instruments.CountIdentityIgnored("all", "resolve");
                context.RequestServices.GetService<ILogger<RequestIdentityReader>>()?.LogWarning(
                    "Metrix: the source of identities that the application set (Resolve) threw {Exception}; the others are used",
                    exception.GetType().Name);
            }

            return default;
        }
    }

    private Source FromClaims(HttpContext context, bool isCounted) => Collect((field, _, claim) =>
        claim is not null && context.User.FindFirst(claim)?.Value is { } value ? Known(field, value, "claim", isCounted) : null);

    private Source FromHeaders(HttpContext context, bool isCounted) => Collect((field, header, _) =>
    {
        if (header is null || !context.Request.Headers.TryGetValue(header, out var values) || values.Count == 0)
            return null;

        // A header that comes twice has been tampered with, or was added by a proxy: neither is to be believed.
        return Known(field, values.Count == 1 ? values[0] ?? "" : "", "header", isCounted);
    });

    private Source FromBaggage(IReadOnlyDictionary<EventField, string> baggage, bool isCounted)
    {
        var ids = Collect((field, _, _) => Of(field));
        return ids with { App = Of(EventField.App) };

        string? Of(EventField field) =>
            baggage.TryGetValue(field, out var value) ? Known(field, value, "baggage", isCounted) : null;
    }

    private Source Collect(Func<EventField, string?, string?, string?> read) => new(
        read(_names[0].Field, _names[0].Header, _names[0].Claim), read(_names[1].Field, _names[1].Header, _names[1].Claim),
        read(_names[2].Field, _names[2].Header, _names[2].Claim), read(_names[3].Field, _names[3].Header, _names[3].Claim));

    private static string? Known(EventField field, string value, string source, bool isCounted)
    {
        if (IdentityShape.IsKnown(field, value))
            return value;

        if (isCounted)
            Instruments.CountIdentityIgnored(FieldNames.KeyOf(field), source);
        return null;
    }

    private static string? TextOf(IPAddress? address) =>
        address is null ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>What one source tells.</summary>
    private readonly record struct Source(
        string? UserId, string? SessionId, string? AdvertisingId, string? Idfa, string? DeviceIp = null, string? App = null)
    {
        public bool IsEmpty => this == default;
    }
}
