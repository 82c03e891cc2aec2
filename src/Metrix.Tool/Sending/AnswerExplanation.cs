using Metrix.Client.Wire;

namespace Metrix.Tool.Sending;

/// <summary>Explains an answer and what to do about it, in the words of the client's own messages.</summary>
internal static class AnswerExplanation
{
    public static bool IsAccepted(RecordedExchange exchange) => exchange.Outcome?.Kind == SendOutcomeKind.Delivered;

    public static string Of(RecordedExchange exchange) => exchange.Outcome switch
    {
        null => "The request was not sent.",
        { Kind: SendOutcomeKind.Delivered } when exchange.Address.IsLoopback =>
            "The server on this machine accepted the event. The app id and the key are right.",
        { Kind: SendOutcomeKind.Delivered } =>
            "Metrix accepted the event. The app id, the key and this server's address are right. " +
            "The event appears in the panel within minutes.",
        { Kind: SendOutcomeKind.Rejected } rejected =>
            $"{Explain(rejected, exchange)} The event is rejected, and the client does not send it again.",
        { Reason: "401" } unauthorized => $"The key is not the key of this app. {Explain(unauthorized, exchange)}",
        { Kind: SendOutcomeKind.Misconfigured } misconfigured => Explain(misconfigured, exchange),
        { } outcome => $"{Explain(outcome, exchange)} The client retries automatically.",
    };

    /// <summary>Returns the outcome that the client assigns to the event.</summary>
    public static string OutcomeOf(RecordedExchange exchange) =>
        exchange.Outcome?.Kind.ToString().ToLowerInvariant() ?? "dry";

    private static string Explain(SendOutcome outcome, RecordedExchange exchange)
    {
        var text = OutcomeText.Explain(outcome, exchange.Address);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
    }
}
