using Metrix.Client;
using Microsoft.AspNetCore.Http;

namespace Metrix.AspNetCore;

/// <summary>
/// Where the end user's ids of a request are found. In configuration the names stand in the section
/// <c>Metrix:Identity</c>.
/// </summary>
/// <remarks>
/// Of several sources the more trusted wins: the delegate, then claims, then headers, then baggage. Values are taken only in
/// their known shapes: ids of the mobile SDK with 1 to 128 letters, digits and <c>. _ : -</c>, advertising ids as GUIDs with
/// hyphens. Whatever else comes is ignored, and counted by the instrument <c>metrix.client.identity.ignored</c>.
/// </remarks>
public sealed class MetrixIdentityOptions
{
    /// <summary>The header that holds the user's id. Default <c>X-Metrix-User-Id</c>; null reads none.</summary>
    public string? UserIdHeader { get; set; } = "X-Metrix-User-Id";

    /// <summary>The header that holds the session's id. Default <c>X-Metrix-Session-Id</c>; null reads none.</summary>
    public string? SessionIdHeader { get; set; } = "X-Metrix-Session-Id";

    /// <summary>The header that holds the Google advertising id. Default <c>X-Metrix-Advertising-Id</c>; null reads none.</summary>
    public string? AdvertisingIdHeader { get; set; } = "X-Metrix-Advertising-Id";

    /// <summary>The header that holds the Apple advertising id. Default <c>X-Metrix-Idfa</c>; null reads none.</summary>
    public string? IdfaHeader { get; set; } = "X-Metrix-Idfa";

    /// <summary>The type of the claim that holds the user's id. Default null: none. Claims need the middleware behind
    /// <c>UseAuthentication</c>.</summary>
    public string? UserIdClaim { get; set; }

    /// <summary>The type of the claim that holds the session's id. Default null: none.</summary>
    public string? SessionIdClaim { get; set; }

    /// <summary>The type of the claim that holds the Google advertising id. Default null: none.</summary>
    public string? AdvertisingIdClaim { get; set; }

    /// <summary>The type of the claim that holds the Apple advertising id. Default null: none.</summary>
    public string? IdfaClaim { get; set; }

    /// <summary>
    /// Whether the address of the client is sent as the device's. Default true. Behind a proxy it is the proxy's, unless the
    /// host uses <c>UseForwardedHeaders</c> before this middleware.
    /// </summary>
    public bool IncludeDeviceIp { get; set; } = true;

    /// <summary>
    /// Whether ids are taken from the W3C baggage of the request, where another service of yours put them
    /// (<see cref="PropagateTo"/>). Default false. Either way they do not go on from here by themselves.
    /// </summary>
    public bool ReadBaggage { get; set; }

    /// <summary>
    /// The hosts to which requests carry the ids on, in W3C baggage: <c>orders.internal</c>, or <c>*.internal</c> for all
    /// below it. Empty by default. Requests to all other hosts carry none.
    /// </summary>
    public IList<string> PropagateTo { get; } = [];

    /// <summary>
    /// A source of your own, such as a look-up by the signed-in user. What it leaves null is filled from the others. It is
    /// trusted: no shape is asked of what it returns. Default null. In code only.
    /// </summary>
    public Func<HttpContext, MetrixIdentity?>? Resolve { get; set; }
}
