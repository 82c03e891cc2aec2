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
    public static TimeSpan LongestRetryAfter { get; } = TimeSpan.FromMinutes(10);

    public static OutcomeKind KindOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => OutcomeKind.Delivered,
        401 or 403 or 404 or 407 or (>= 300 and < 400) => OutcomeKind.Misconfigured,
        408 or 425 or 429 or >= 500 or < 200 => OutcomeKind.Unavailable,
        _ => OutcomeKind.Rejected,
    };

    public static Outcome Of(HttpResponseMessage response, TimeProvider clock)
    {
        var kind = KindOf(response.StatusCode);
        return kind == OutcomeKind.Delivered
            ? Outcome.Delivered
            : new(
                kind,
                ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture),
                kind == OutcomeKind.Unavailable ? RetryAfter(response.Headers.RetryAfter, clock) : null);
    }

    public static Outcome Of(Exception exception) => exception switch
    {
        OperationCanceledException => new(OutcomeKind.Unavailable, "timeout"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(OutcomeKind.Unreachable, "dns"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(OutcomeKind.Unreachable, "tls"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } =>
            new(OutcomeKind.Unreachable, "connection"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } =>
            new(OutcomeKind.Unavailable, "protocol"),
        HttpRequestException or IOException => new(OutcomeKind.Unavailable, "broken_off"),
        _ => new(OutcomeKind.Unavailable, "handler"),
    };

    // A date that has passed, or a value that is none, asks for nothing.
    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date - clock.GetUtcNow());
        if (wait is not { } asked || asked <= TimeSpan.Zero)
            return null;

        return asked < LongestRetryAfter ? asked : LongestRetryAfter;
    }
}
