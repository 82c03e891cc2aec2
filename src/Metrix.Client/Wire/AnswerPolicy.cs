using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Metrix.Client.Wire;

/// <summary>
/// Converts an answer, or the exception that replaced it, to an outcome. The vendor's pages name only 400. The rest is
/// what an HTTP client must assume (RFC 9110, section 15).
/// </summary>
internal static class AnswerPolicy
{
    /// <summary>Gets the longest wait that a server can ask for.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromMinutes(10);

    public static SendOutcomeKind KindOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => SendOutcomeKind.Delivered,
        401 or 403 or 404 or 407 or (>= 300 and < 400) => SendOutcomeKind.Misconfigured,
        408 or 425 or 429 or >= 500 or < 200 => SendOutcomeKind.Unavailable,
        _ => SendOutcomeKind.Rejected,
    };

    public static SendOutcome Of(HttpResponseMessage response, TimeProvider clock)
    {
        var kind = KindOf(response.StatusCode);
        return kind == SendOutcomeKind.Delivered
            ? SendOutcome.Delivered
            : new(
                kind,
                ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture),
                kind == SendOutcomeKind.Unavailable ? RetryAfter(response.Headers.RetryAfter, clock) : null);
    }

    public static SendOutcome Of(Exception exception) => exception switch
    {
        OperationCanceledException => new(SendOutcomeKind.Unavailable, "timeout"),
        HttpRequestException http => Of(http),
        IOException => new(SendOutcomeKind.Unavailable, "broken_off"),
        _ => new(SendOutcomeKind.Unavailable, "handler"),
    };

    private static SendOutcome Of(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new(SendOutcomeKind.Unreachable, "dns"),
        HttpRequestError.SecureConnectionError => new(SendOutcomeKind.Unreachable, "tls"),
        HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
            new(SendOutcomeKind.Unreachable, "connection"),
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
            new(SendOutcomeKind.Unavailable, "protocol"),
        _ => new(SendOutcomeKind.Unavailable, "broken_off"),
    };

    // A date in the past or an invalid value asks for nothing.
    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date - clock.GetUtcNow());
        if (wait is not { } asked || asked <= TimeSpan.Zero)
            return null;

        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}
