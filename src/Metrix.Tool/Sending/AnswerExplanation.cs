using System.Net;
using System.Net.Http;
using Metrix.Client.Wire;

namespace Metrix.Tool.Sending;

/// <summary>Explains an answer and what to do about it.</summary>
internal static class AnswerExplanation
{
    public static bool IsAccepted(RecordedExchange exchange) => exchange.Status is >= 200 and < 300;

    public static string Of(RecordedExchange exchange) => exchange switch
    {
        { Status: >= 200 and < 300, Address.IsLoopback: true } =>
            "The server on this machine accepted the event. The app id and the key are right.",
        { Status: >= 200 and < 300 } =>
            "Metrix accepted the event. The app id, the key and this server's address are right. " +
            "The event appears in the panel within minutes.",
        { Status: 400 } =>
            "Metrix rejects this event. Check in the panel that the slug belongs to this app. " +
            "Check the attributes and metrics. The key and the address seem to be right.",
        { Status: 401 } =>
            "The key is not the key of this app. Compare the app id and the key with the panel. " +
            "Look for a space or a line break at their ends.",
        { Status: 403 } =>
            "This server's address is not in the app's allow list. Add its public address to the list in the panel. " +
            "Behind a NAT or a proxy, the public address is not the address of this machine.",
        { Status: 404 } =>
            "The app does not exist, or this endpoint has no API. Check the app id and the endpoint.",
        { Status: 407 } => "A proxy between this server and Metrix requires authentication.",
        { Status: 408 or 425 or 429 } =>
            "Metrix cannot accept the event at this time. Try again later. The sink retries automatically.",
        { Status: >= 300 and < 400 } =>
            "The endpoint redirects. The tool does not follow redirects, because they could send the key elsewhere. " +
            "Check the endpoint, and that it uses https.",
        { Status: >= 500 } => "Metrix has a server error. Try again later. The sink retries automatically.",
        { Status: not null } => "Metrix rejects this event permanently.",
        { Failure: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } } =>
            "The host name of the endpoint cannot be resolved. Check the name, and that DNS works on this server.",
        { Failure: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } =>
            "The TLS connection failed. Check that this server trusts the endpoint's certificate. " +
            "Check the clock of this server.",
        { Failure: OperationCanceledException } =>
            "No answer arrived in time. Check whether a firewall drops the connection to the endpoint.",
        { Failure: not null } =>
            "The connection to the endpoint failed. Check that the endpoint is reachable from this server, " +
            "and that a firewall does not reject the connection.",
        _ => "The request was not sent.",
    };

    /// <summary>Returns the outcome that the sink would assign to the event.</summary>
    public static string OutcomeOf(RecordedExchange exchange) => exchange switch
    {
        { Status: { } status } => AnswerPolicy.KindOf((HttpStatusCode)status).ToString().ToLowerInvariant(),
        { Failure: { } failure } => AnswerPolicy.Of(failure).Kind.ToString().ToLowerInvariant(),
        _ => "dry",
    };
}
