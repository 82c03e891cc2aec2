using System.Diagnostics;
using System.Net;
using Metrix.Client;
using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Finds whom a request is from.
/// </summary>
internal sealed class IdentityReader(MetrixIdentityOptions options)
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
    /// <param name="isCounted">Whether what is ignored is counted: once for each request.</param>
    public MetrixIdentity? Read(HttpContext context, bool isCounted)
    {
        var own = options.Resolve?.Invoke(context);
        var values = new string?[_names.Length];
        for (var i = 0; i < _names.Length; i++)
        {
            var (field, header, claim) = _names[i];
            values[i] = FromClaim(context, field, claim, isCounted) ?? FromHeader(context, field, header, isCounted) ??
                (options.ReadBaggage ? FromBaggage(context, field, isCounted) : null);
        }

        if (own is null && Array.TrueForAll(values, value => value is null))
            return null;

        // Which advertising id the application's own source names, it means alone.
        var isPlatformOwn = own?.AdvertisingId is not null || own?.Idfa is not null;
        return new MetrixIdentity
        {
            MetrixUserId = own?.MetrixUserId ?? values[0],
            MetrixSessionId = own?.MetrixSessionId ?? values[1],
            AdvertisingId = isPlatformOwn ? own!.AdvertisingId : values[2],
            Idfa = isPlatformOwn ? own!.Idfa : values[3],
            DeviceIp = own?.DeviceIp ?? (options.IncludeDeviceIp ? TextOf(context.Connection.RemoteIpAddress) : null),
            App = own?.App,
        };
    }

    private static string? FromClaim(HttpContext context, EventField field, string? claim, bool isCounted) =>
        claim is not null && context.User.FindFirst(claim)?.Value is { } value ? Known(field, value, "claim", isCounted) : null;

    private static string? FromHeader(HttpContext context, EventField field, string? header, bool isCounted)
    {
        if (header is null || !context.Request.Headers.TryGetValue(header, out var values) || values.Count == 0)
            return null;

        // A header that comes twice has been tampered with, or was added by a proxy: neither is to be believed.
        return Known(field, values.Count == 1 ? values[0] ?? "" : "", "header", isCounted);
    }

    private static string? FromBaggage(HttpContext context, EventField field, bool isCounted) =>
        BaggageOf(context, ReservedNames.NameOf(field)) is { } value ? Known(field, value, "baggage", isCounted) : null;

    // OpenTelemetry reads it where it propagates baggage; ASP.NET Core itself puts it on the server span.
    private static string? BaggageOf(HttpContext context, string key) =>
        Baggage.Current.GetBaggage(key) ?? ServerSpan.Of(context)?.GetBaggageItem(key);

    private static string? Known(EventField field, string value, string source, bool isCounted)
    {
        if (IdentityShape.IsKnown(field, value))
            return value;

        if (isCounted)
            Instruments.CountIdentityIgnored(ReservedNames.KeyOf(field), source);
        return null;
    }

    private static string? TextOf(IPAddress? address) =>
        address is null ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
