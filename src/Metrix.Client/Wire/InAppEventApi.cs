using System.Net.Http;
using System.Net.Http.Headers;
using Metrix.Client.Outbox;

namespace Metrix.Client.Wire;

/// <summary>
/// The vendor's in-app event API: from leased events to requests to the outcome of each. That one request carries one
/// event is known here alone.
/// </summary>
internal sealed class InAppEventApi(HttpTransport transport, TimeProvider clock)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>How many events of one app <see cref="SendAsync"/> takes.</summary>
    public static int EventsPerRequest => 1;

    /// <summary>
    /// Sends events of one app and tells the outcome of each, in their order. Throws nothing.
    /// </summary>
    /// <param name="events">1 to <see cref="EventsPerRequest"/> events of one app.</param>
    /// <param name="outcomes">Emptied, and filled with one outcome an event.</param>
    /// <param name="cancellation">Ends the attempt, as a timeout.</param>
    public async ValueTask SendAsync(
        IReadOnlyList<QueuedEvent> events, List<SendOutcome> outcomes, CancellationToken cancellation)
    {
        outcomes.Clear();
        try
        {
            using var request = CreateRequest(events[0]);
            using var response = await transport.SendAsync(request, cancellation).ConfigureAwait(false);
            var outcome = AnswerPolicy.Of(response, clock);
            outcomes.Add(outcome.Kind == SendOutcomeKind.Rejected
                ? outcome with { Answer = await AnswerText.ReadAsync(response.Content, events[0].App.DevKey, cancellation).ConfigureAwait(false) }
                : outcome);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A handler may be anybody's, and may throw anything: the event waits and is tried again.
            outcomes.Add(AnswerPolicy.Of(exception));
        }
    }

    private static HttpRequestMessage CreateRequest(QueuedEvent entry)
    {
        var content = new ReadOnlyMemoryContent(entry.Body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, entry.App.Address)
        {
            Content = content,
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        // The bare key has no scheme, which the typed header would demand.
        request.Headers.TryAddWithoutValidation("Authorization", entry.App.DevKey);
        return request;
    }
}
