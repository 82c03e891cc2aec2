using Metrix.Client;
using Microsoft.AspNetCore.Http;

namespace Metrix.AspNetCore;

/// <summary>
/// Represents the sources of the end user's ids in a request. In configuration, these settings are in the section
/// <c>Metrix:Identity</c>.
/// </summary>
/// <remarks>
/// The most trusted source wins: <see cref="Resolve"/>, then claims, headers and baggage. Ids of the mobile SDK must
/// have 1 to 128 letters, digits or <c>. _ : -</c>; advertising ids must be GUIDs with hyphens. Other values are
/// ignored, and the instrument <c>metrix.client.identity.ignored</c> counts them.
/// </remarks>
public sealed class MetrixIdentityOptions
{
    /// <summary>
    /// Gets or sets the header that contains the user's id. Default <c>X-Metrix-User-Id</c>. Null reads no header.
    /// </summary>
    public string? UserIdHeader { get; set; } = "X-Metrix-User-Id";

    /// <summary>
    /// Gets or sets the header that contains the session's id. Default <c>X-Metrix-Session-Id</c>. Null reads no
    /// header.
    /// </summary>
    public string? SessionIdHeader { get; set; } = "X-Metrix-Session-Id";

    /// <summary>
    /// Gets or sets the header that contains the Google advertising id. Default <c>X-Metrix-Advertising-Id</c>. Null
    /// reads no header.
    /// </summary>
    public string? AdvertisingIdHeader { get; set; } = "X-Metrix-Advertising-Id";

    /// <summary>
    /// Gets or sets the header that contains the Apple advertising id. Default <c>X-Metrix-Idfa</c>. Null reads no
    /// header.
    /// </summary>
    public string? IdfaHeader { get; set; } = "X-Metrix-Idfa";

    /// <summary>
    /// Gets or sets the type of the claim that contains the user's id. Default null: reads no claim. To read claims,
    /// add the middleware after <c>UseAuthentication</c>.
    /// </summary>
    public string? UserIdClaim { get; set; }

    /// <summary>
    /// Gets or sets the type of the claim that contains the session's id. Default null: reads no claim.
    /// </summary>
    public string? SessionIdClaim { get; set; }

    /// <summary>
    /// Gets or sets the type of the claim that contains the Google advertising id. Default null: reads no claim.
    /// </summary>
    public string? AdvertisingIdClaim { get; set; }

    /// <summary>
    /// Gets or sets the type of the claim that contains the Apple advertising id. Default null: reads no claim.
    /// </summary>
    public string? IdfaClaim { get; set; }

    /// <summary>
    /// Gets or sets whether the client's address is sent as the address of the device. Default true. Behind a proxy,
    /// this is the address of the proxy unless <c>UseForwardedHeaders</c> runs before this middleware.
    /// </summary>
    public bool IncludeDeviceIp { get; set; } = true;

    /// <summary>
    /// Gets or sets whether ids are read from the W3C baggage of the request, which another of your services sent
    /// (<see cref="PropagateTo"/>). Default false. With either value, the middleware removes the ids from the baggage,
    /// so that they are not sent to further services.
    /// </summary>
    public bool ReadBaggage { get; set; }

    /// <summary>
    /// Gets the hosts that receive the ids with outgoing requests, in W3C baggage. Write <c>orders.internal</c>, or
    /// <c>*.shop.internal</c> for all hosts below <c>shop.internal</c>. Default empty. Requests to other hosts do not
    /// contain the ids.
    /// </summary>
    public IList<string> PropagateTo { get; } = [];

    /// <summary>
    /// Gets or sets a delegate that supplies ids, such as a lookup by the signed-in user. Other sources supply the ids
    /// that it leaves null. Its values are trusted, so their format is not validated. Default null. Only available in
    /// code.
    /// </summary>
    public Func<HttpContext, MetrixIdentity?>? Resolve { get; set; }
}
