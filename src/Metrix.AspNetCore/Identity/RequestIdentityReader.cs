using System.Net;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Tracking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Metrix.AspNetCore.Identity;

/// <summary>
/// Identifies the user of a request.
/// </summary>
internal sealed partial class RequestIdentityReader(MetrixIdentityOptions options)
{
    private readonly (EventField Field, string? Header, string? Claim)[] _names =
    [
        (EventField.MetrixUserId, options.UserIdHeader, options.UserIdClaim),
        (EventField.MetrixSessionId, options.SessionIdHeader, options.SessionIdClaim),
        (EventField.AdvertisingId, options.AdvertisingIdHeader, options.AdvertisingIdClaim),
        (EventField.Idfa, options.IdfaHeader, options.IdfaClaim),
    ];

    /// <summary>Reads the identity of a request. Returns null when no source has an id.</summary>
    /// <param name="context">The request.</param>
    /// <param name="baggage">The ids from the request's baggage. They are read only if the settings enable it.</param>
    /// <param name="countsIgnored">Whether to count ignored values. Set it once per request.</param>
    public MetrixIdentity? Read(
        HttpContext context, IReadOnlyDictionary<EventField, string> baggage, bool countsIgnored)
    {
        // The most trusted source first.
        Source[] sources =
        [
            FromResolve(context, countsIgnored),
            FromClaims(context, countsIgnored),
            FromHeaders(context, countsIgnored),
            options.ReadBaggage ? FromBaggage(baggage, countsIgnored) : default,
        ];
        if (Array.TrueForAll(sources, source => source.IsEmpty))
            return null;

        // Both advertising ids come from the first source that has either. Otherwise a header could add an IDFA to the
        // Google advertising id of a claim, which would make the event invalid.
        var platform = Array.Find(sources, source => source.AdvertisingId is not null || source.Idfa is not null);
        return new MetrixIdentity
        {
            MetrixUserId = First(sources, source => source.UserId),
            MetrixSessionId = First(sources, source => source.SessionId),
            AdvertisingId = platform.AdvertisingId,
            Idfa = platform.Idfa,
            DeviceIp = First(sources, source => source.DeviceIp) ??
                (options.IncludeDeviceIp ? ToText(context.Connection.RemoteIpAddress) : null),
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

    private Source FromResolve(HttpContext context, bool countsIgnored)
    {
        try
        {
            return options.Resolve?.Invoke(context) is { } resolved
                ? new Source(
                    resolved.MetrixUserId,
                    resolved.MetrixSessionId,
                    resolved.AdvertisingId,
                    resolved.Idfa,
                    resolved.DeviceIp,
                    resolved.App)
                : default;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An error in the application's delegate must not fail the request.
            if (countsIgnored)
            {
                Instruments.CountIdentityIgnored("all", "resolve");
                if (context.RequestServices.GetService<ILogger<RequestIdentityReader>>() is { } logger)
                    LogResolveThrew(logger, exception.GetType().Name);
            }

            return default;
        }
    }

    private Source FromClaims(HttpContext context, bool countsIgnored) => ReadIds((field, _, claim) =>
        claim is not null && context.User.FindFirst(claim)?.Value is { } value
            ? ValidOrNull(field, value, "claim", countsIgnored)
            : null);

    private Source FromHeaders(HttpContext context, bool countsIgnored) => ReadIds((field, header, _) =>
    {
        if (header is null || !context.Request.Headers.TryGetValue(header, out var values) || values.Count == 0)
            return null;

        // A repeated header was tampered with, or a proxy added the second value. Neither value is trusted.
        return ValidOrNull(field, values.Count == 1 ? values[0] ?? "" : "", "header", countsIgnored);
    });

    private Source FromBaggage(IReadOnlyDictionary<EventField, string> baggage, bool countsIgnored)
    {
        var ids = ReadIds((field, _, _) => ReadItem(field));
        return ids with { App = ReadItem(EventField.App) };

        string? ReadItem(EventField field) =>
            baggage.TryGetValue(field, out var value) ? ValidOrNull(field, value, "baggage", countsIgnored) : null;
    }

    private Source ReadIds(Func<EventField, string?, string?, string?> read) => new(
        read(_names[0].Field, _names[0].Header, _names[0].Claim),
        read(_names[1].Field, _names[1].Header, _names[1].Claim),
        read(_names[2].Field, _names[2].Header, _names[2].Claim),
        read(_names[3].Field, _names[3].Header, _names[3].Claim));

    private static string? ValidOrNull(EventField field, string value, string source, bool countsIgnored)
    {
        if (IdentityFormat.IsValid(field, value))
            return value;

        if (countsIgnored)
            Instruments.CountIdentityIgnored(FieldNames.KeyOf(field), source);
        return null;
    }

    private static string? ToText(IPAddress? address) =>
        address is null ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Metrix: the delegate MetrixIdentityOptions.Resolve threw {Exception}. The other sources are used.")]
    private static partial void LogResolveThrew(ILogger logger, string exception);

    /// <summary>Represents the ids that one source supplies.</summary>
    private readonly record struct Source(
        string? UserId,
        string? SessionId,
        string? AdvertisingId,
        string? Idfa,
        string? DeviceIp = null,
        string? App = null)
    {
        public bool IsEmpty => this == default;
    }
}
