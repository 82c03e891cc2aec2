using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Judges an answer of an endpoint that has never delivered. Some answers then show that the endpoint is wrong, while
/// the same answers of a working endpoint are about one event.
/// </summary>
internal static class FirstAnswer
{
    /// <summary>
    /// Returns whether a successful answer may be a page of another server, such as a captive portal, so that its body
    /// must be read.
    /// </summary>
    public static bool MayBePage(HttpResponseMessage response) =>
        response.IsSuccessStatusCode
        && "text/html".Equals(response.Content.Headers.ContentType?.MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the outcome of an answer, if the endpoint has never delivered.</summary>
    /// <param name="outcome">The outcome of the same answer from a working endpoint.</param>
    /// <param name="response">The answer.</param>
    /// <param name="text">The start of its body.</param>
    /// <param name="address">The address that the event was sent to.</param>
    public static SendOutcome Judge(SendOutcome outcome, HttpResponseMessage response, string text, Uri address) =>
        response.StatusCode switch
        {
            HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable or HttpStatusCode.MisdirectedRequest =>
                new(SendOutcomeKind.Misconfigured, outcome.Reason, Answer: text),
            HttpStatusCode.BadRequest when address.Scheme == Uri.UriSchemeHttp && MentionsTls(text) =>
                new(SendOutcomeKind.Misconfigured, SendReason.TlsPort, Answer: text),
            HttpStatusCode.BadRequest when address.Scheme == Uri.UriSchemeHttps && DemandsCertificate(text) =>
                new(SendOutcomeKind.Misconfigured, SendReason.Tls, Answer: text),
            _ when MayBePage(response) && HtmlPage.IsStartOf(text) =>
                new(SendOutcomeKind.Misconfigured, SendReason.HtmlPage, Answer: text),
            _ => outcome,
        };

    // nginx: "The plain HTTP request was sent to HTTPS port". Go: "Client sent an HTTP request to an HTTPS server."
    // Apache: "You're speaking plain HTTP to an SSL-enabled server port." An address in the text proves nothing.
    private static bool MentionsTls(string text) =>
        ContainsWord(text, "HTTPS") || ContainsWord(text, "TLS") || ContainsWord(text, "SSL");

    // nginx answers so after a handshake without a certificate, or with one that it does not trust.
    private static bool DemandsCertificate(string text) =>
        text.Contains("required SSL certificate", StringComparison.OrdinalIgnoreCase)
        || text.Contains("SSL certificate error", StringComparison.OrdinalIgnoreCase);

    private static bool ContainsWord(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += word.Length)
        {
            var rest = text.AsSpan(at + word.Length);
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (rest.IsEmpty || !char.IsLetterOrDigit(rest[0]))
                && !rest.StartsWith("://", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
