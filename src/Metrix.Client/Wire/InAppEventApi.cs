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
    // A server that limits the requests of a connection refuses those that HTTP/2 has sent beyond the limit: nearly
    // all, if the limit is low and many requests are in flight. This limit ends the loop if a server accepts none.
    private const int MaxResends = 32;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // Set by every worker, and never reset. Until then, some answers show that the endpoint is wrong.
    private volatile bool _hasDelivered;

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
        for (var resends = 0; ; resends++)
        {
            SendOutcome outcome;
            try
            {
                using var request = CreateRequest(app, bodies[0]);
                using var response = await transport.SendAsync(request, cancellation).ConfigureAwait(false);
                outcome = AnswerPolicy.Of(response, clock);
                if (IsTextNeeded(outcome, response))
                {
                    var text = await AnswerText.ReadAsync(response.Content, app.DevKey, clock, cancellation)
                        .ConfigureAwait(false);
                    outcome = OutcomeOf(outcome, response, text, app.Address);
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A handler may be anyone's code and throw anything. The event waits and is retried.
                outcome = AnswerPolicy.Of(exception);
            }

            if (outcome.Kind == SendOutcomeKind.Interrupted
                && resends < MaxResends
                && !cancellation.IsCancellationRequested)
            {
                continue;
            }

            if (outcome.Kind == SendOutcomeKind.Delivered)
                _hasDelivered = true;
            else
                outcome = outcome with { Proxy = transport.FindProxy(app.Address) };
            outcomes.Add(outcome);
            return;
        }
    }

    // The dispatcher may reject an event that is misconfigured again and again, and then stores the text, too.
    private bool IsTextNeeded(SendOutcome outcome, HttpResponseMessage response) => outcome.Kind switch
    {
        SendOutcomeKind.Rejected or SendOutcomeKind.Misconfigured => true,
        SendOutcomeKind.Delivered =>
            !_hasDelivered && transport.DetectsCaptivePortal && FirstAnswer.MayBePage(response),
        _ => false,
    };

    private SendOutcome OutcomeOf(SendOutcome outcome, HttpResponseMessage response, string text, Uri address)
    {
        if (outcome.Kind != SendOutcomeKind.Delivered)
            outcome = outcome with { Answer = text };
        return _hasDelivered ? outcome : FirstAnswer.Judge(outcome, response, text, address);
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
