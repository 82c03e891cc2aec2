using System.Net.Http;
using Metrix.Client.Wire;

namespace Metrix.Tool.Sending;

/// <summary>What an answer means, and what to do.</summary>
internal static class AnswerExplanation
{
    public static bool IsTaken(RecordedExchange exchange) => exchange.Status is >= 200 and < 300;

    public static string Of(RecordedExchange exchange) => exchange switch
    {
        { Status: >= 200 and < 300, Address.IsLoopback: true } => "The server on this machine took the event: the app id and the key are right.",
        { Status: >= 200 and < 300 } => "Metrix took the event: the app id, the key and this server's address are right. It shows in the panel within minutes.",
        { Status: 400 } =>
            "Metrix refuses this event. Is the slug one of this app's (panel, events), and are the attributes and metrics right? The key and the address seem to be.",
        { Status: 401 } => "The key is not the key of this app. Compare both with the panel, and look for a space or a line break at their ends.",
        { Status: 403 } =>
            "This server's address is not in the app's allow list. Add the address that the internet sees this server under to the list in the panel; behind a NAT or proxy it is not this machine's own.",
        { Status: 404 } => "There is no such app, or no API at this endpoint. Are the app id and the endpoint right?",
        { Status: 407 } => "A proxy between this server and Metrix wants to know who asks.",
        { Status: 408 or 425 or 429 } => "Metrix asks to be left alone for a while. Try again later; the sink does that by itself.",
        { Status: >= 300 and < 400 } => "The endpoint redirects, which is not followed since it would carry the key elsewhere. Is the endpoint right, and https?",
        { Status: >= 500 } => "Metrix has trouble of its own. Try again later; the sink does that by itself.",
        { Status: not null } => "Metrix refuses this event for good.",
        { Failure: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } } =>
            "The name of the endpoint cannot be resolved from here. Is it right, and does this server have DNS?",
        { Failure: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } =>
            "No secure connection: is the certificate of the endpoint trusted here, and this server's clock right?",
        { Failure: OperationCanceledException } => "No answer came in time. Does a firewall swallow what goes to the endpoint?",
        { Failure: not null } => "No connection to the endpoint. Is it reachable from here, or does a firewall refuse it?",
        _ => "Nothing was sent.",
    };

    /// <summary>What the sink would do with such an event.</summary>
    public static string OutcomeOf(RecordedExchange exchange) => exchange switch
    {
        { Status: { } status } => AnswerPolicy.KindOf((System.Net.HttpStatusCode)status).ToString().ToLowerInvariant(),
        { Failure: { } failure } => AnswerPolicy.Of(failure).Kind.ToString().ToLowerInvariant(),
        _ => "dry",
    };
}
