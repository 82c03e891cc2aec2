using System.Globalization;
using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Converts an answer to an outcome. The vendor's pages name only 400. The rest is what an HTTP client must assume
/// (RFC 9110, section 15).
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
                kind == SendOutcomeKind.Unavailable
                    ? RetryAfterHeader.Read(response.Headers, clock, MaxRetryAfter)
                    : null);
    }

    /// <summary>Converts the exception that replaced an answer.</summary>
    public static SendOutcome Of(Exception exception) => FailurePolicy.Of(exception);
}
