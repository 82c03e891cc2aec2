using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Metrix.Client.Wire;

/// <summary>
/// From an answer, or from what came instead of one, to an outcome. The vendor's pages name only 400; the rest is what
/// an HTTP client must assume (RFC 9110, section 15).
/// </summary>
internal static class AnswerPolicy
{
    /// <summary>However long a server asks for, it is asked again after this.</summary>
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
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(SendOutcomeKind.Unreachable, "dns"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(SendOutcomeKind.Unreachable, "tls"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } =>
            new(SendOutcomeKind.Unreachable, "connection"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } =>
            new(SendOutcomeKind.Unavailable, "protocol"),
        HttpRequestException or IOException => new(SendOutcomeKind.Unavailable, "broken_off"),
        _ => new(SendOutcomeKind.Unavailable, "handler"),
    };

    // A date that has passed, or a value that is none, asks for nothing.
    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date - clock.GetUtcNow());
        if (wait is not { } asked || asked <= TimeSpan.Zero)
            return null;

        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}
