using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Metrix.Client.Apps;

namespace Metrix.Client.Wire;

/// <summary>
/// Implements the vendor's in-app event API: bodies in, requests out, one outcome for each body. Only this class knows
/// that one request carries one event.
/// </summary>
internal sealed class InAppEventApi(HttpTransport transport, TimeProvider clock)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Gets the number of events of one app that <see cref="SendAsync"/> accepts.</summary>
    public static int EventsPerRequest => 1;

    /// <summary>
    /// Sends events of one app and returns the outcome of each, in their order. Does not throw.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="bodies">The bodies of 1 to <see cref="EventsPerRequest"/> events.</param>
    /// <param name="outcomes">Receives one outcome for each body, after it was cleared.</param>
    /// <param name="cancellation">Cancels the attempt, which then counts as a timeout.</param>
    public async ValueTask SendAsync(
        MetrixApp app, IReadOnlyList<byte[]> bodies, List<SendOutcome> outcomes, CancellationToken cancellation)
    {
        outcomes.Clear();
        try
        {
            using var request = CreateRequest(app, bodies[0]);
            using var response = await transport.SendAsync(request, cancellation).ConfigureAwait(false);
            var outcome = AnswerPolicy.Of(response, clock);
            if (outcome.Kind == SendOutcomeKind.Rejected)
            {
                var answer = await AnswerText.ReadAsync(response.Content, app.DevKey, cancellation)
                    .ConfigureAwait(false);
                outcome = outcome with { Answer = answer };
            }

            outcomes.Add(outcome);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A handler may be anyone's code and throw anything. The event waits and is retried.
            outcomes.Add(AnswerPolicy.Of(exception));
        }
    }

    private static HttpRequestMessage CreateRequest(MetrixApp app, byte[] body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, app.Address)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };

        // The vendor expects the key without a scheme, which the typed header requires.
        request.Headers.TryAddWithoutValidation("Authorization", app.DevKey);
        return request;
    }
}
