using System.Net;
using System.Net.Http;

namespace Metrix.Client.Wire;

/// <summary>
/// Explains outcomes to the on-call engineer: what happened, and what to check. The texts contain no keys, ids, values
/// or answers, and have no period at their end.
/// </summary>
internal static class OutcomeText
{
    private const string OnlyThisEvent =
        "If other events are delivered, something on the way, such as a firewall, blocks this one event";

    /// <summary>Returns what an outcome means.</summary>
    /// <param name="outcome">The outcome. It is not <see cref="SendOutcomeKind.Delivered"/>.</param>
    /// <param name="address">The address that the event was sent to.</param>
    public static string Explain(in SendOutcome outcome, Uri address)
    {
        var server = address.GetLeftPart(UriPartial.Authority);
        if (outcome.Proxy is { } proxy && OfProxy(outcome, proxy, server, address) is { } text)
            return text;

        text = outcome.Kind switch
        {
            SendOutcomeKind.Misconfigured => OfMisconfigured(outcome.Reason, address),
            SendOutcomeKind.Unreachable => OfUnreachable(outcome, server, address),
            _ => OfRequest(outcome.Reason, server),
        };
        return outcome.Proxy is null ? text : $"{text}. {OnTheWay(outcome, address)}";
    }

    // The connection to the proxy failed, or the proxy refused to connect: the server has no part in that.
    private static string? OfProxy(SendOutcome outcome, string proxy, string server, Uri address) =>
        outcome.Reason switch
        {
            SendReason.ProxyAuthentication =>
                $"407 Proxy Authentication Required. The proxy {proxy} requires credentials. " +
                $"Write them into the setting, as http://user:password@host:port. {Check(address)}. {OnlyThisEvent}",
            SendReason.Proxy when outcome.ProxyStatus is { } status =>
                $"the proxy {proxy} refused to connect to {server}: it answered {WithPhrase(status)}. " +
                $"Check the rules of the proxy. {Check(address)}",
            SendReason.Proxy => $"the proxy {proxy} broke off the connection to {server}. {Check(address)}",
            SendReason.Dns => $"the host name of the proxy {proxy} cannot be resolved. {Check(address)}",
            SendReason.Connection =>
                $"no connection to the proxy {proxy}. Check that this machine can reach it. {Check(address)}",
            _ => null,
        };

    private static string OfMisconfigured(string reason, Uri address) => reason switch
    {
        "401" =>
            "401 Unauthorized: is DevKey the key of this app? Compare AppId and DevKey with the panel. " +
            OnlyThisEvent,
        "403" =>
            "403 Forbidden. This server's IP address may be missing in the app's allow list in the panel. Behind a " +
            $"NAT or a proxy, its public address is not the address of this machine. {OnlyThisEvent}",
        "404" =>
            "404 Not Found: are AppId and Endpoint right? The app does not exist, or the endpoint has no API. " +
            OnlyThisEvent,
        SendReason.ProxyAuthentication =>
            "407 Proxy Authentication Required. A proxy between this machine and Metrix requires credentials. " +
            $"{Check(address)}. {OnlyThisEvent}",
        "405" =>
            "405 Method Not Allowed. The server takes no events at this address. Check Endpoint",
        "406" =>
            "406 Not Acceptable. The server has no Metrix API at this address. Check Endpoint",
        "421" =>
            "421 Misdirected Request. The server is not responsible for this host name. Check Endpoint",
        SendReason.TlsPort =>
            "400 Bad Request. Endpoint starts with http://, but the port speaks TLS. Use https://",
        SendReason.Tls =>
            "400 Bad Request. The server demands a client certificate. Supply one in HttpMessageHandlerFactory",
        SendReason.HtmlPage =>
            "the answer is a web page and not an answer of Metrix. Check Endpoint, and whether this network has a " +
            "sign-in page. If the page is the right answer, set DetectCaptivePortal to false",
        ['3', ..] =>
            $"status {reason}. The endpoint redirects. Redirects are not followed, because they would expose the " +
            $"key. Check Endpoint, and that it uses https. {OnlyThisEvent}",
        _ => $"status {reason}",
    };

    private static string OfUnreachable(SendOutcome outcome, string server, Uri address) => outcome.Reason switch
    {
        SendReason.Dns =>
            $"the host name of {server} cannot be resolved. Check Endpoint, and that DNS works on this machine",
        SendReason.Tls =>
            $"no secure connection to {server}: is its certificate trusted on this machine? Check the clock of this " +
            "machine, that the port speaks TLS, and whether the server demands a client certificate",
        SendReason.Proxy => $"a proxy refused to connect to {server}. {Check(address)}",
        _ =>
            $"no connection to {server}. The connection to the endpoint failed. Check that this machine can reach " +
            "it, and that no firewall rejects the connection",
    };

    private static string OfRequest(string reason, string server) => reason switch
    {
        "400" =>
            "400 Bad Request. Check in the panel that the slug belongs to this app. " +
            "Check the attributes and metrics",
        "408" or SendReason.Timeout =>
            $"no answer arrived in time. Check whether a firewall drops the connection to {server}",
        "429" => "429 Too Many Requests. The server cannot accept the event at this time",
        "425" => "425 Too Early. The server cannot accept the event at this time",
        SendReason.BrokenOff => "the connection was closed before the answer",
        SendReason.Interrupted => "the server ended the connection in an orderly way before the answer",
        SendReason.Protocol => "the answer was not valid HTTP",
        SendReason.Handler => "the HTTP handler threw an exception",
        ['5', _, _] => $"status {reason}. {server} has a server error",
        _ => $"status {reason}",
    };

    // Over plain HTTP, a proxy can answer in place of the server. Over HTTPS, it sees neither request nor answer.
    private static string OnTheWay(SendOutcome outcome, Uri address)
    {
        var isAnswer = outcome.Reason.Length == 3 && char.IsAsciiDigit(outcome.Reason[0]);
        var part = !isAnswer ? "and the proxy may be the cause"
            : address.Scheme == Uri.UriSchemeHttp ? "and the proxy may have answered itself"
            : "which may have changed it";
        return $"The request went through the proxy {outcome.Proxy}, {part}. {Check(address)}";
    }

    private static string Check(Uri address)
    {
        var variable = address.Scheme == Uri.UriSchemeHttps ? "HTTPS_PROXY" : "HTTP_PROXY";
        return $"Check the proxy settings ({variable}, ALL_PROXY, NO_PROXY)";
    }

    private static string WithPhrase(int status)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return $"{status} {response.ReasonPhrase}".TrimEnd();
    }
}
