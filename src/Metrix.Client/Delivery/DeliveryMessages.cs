using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;
using static System.FormattableString;

namespace Metrix.Client.Delivery;

/// <summary>
/// What the dispatcher of one app says, to somebody who was woken at night: what failed, since when, how many wait, and
/// what to do. No key, id, value or answer stands in it.
/// </summary>
internal sealed class DeliveryMessages(MetrixApp app, IOutbox outbox, Reporter reporter, TimeProvider clock)
{
    private readonly object _lock = new();
    private long? _failingSince;

    private string Of => $"the app \"{app.Name}\"";

    private string Server => app.Address.GetLeftPart(UriPartial.Authority);

    public string Expired(QueuedEvent entry) =>
        $"an event with the slug \"{entry.Slug}\" of {Of} could not be delivered within RetryTimeLimit, and is given up";

    public string Rejected(QueuedEvent entry, SendOutcome outcome) =>
        $"{Server} rejected an event with the slug \"{entry.Slug}\" of {Of} for good: {Meaning(outcome.Reason)}";

    /// <summary>One attempt failed, and will be made again.</summary>
    public void Failing(SendOutcome outcome)
    {
        if (outcome.Kind != SendOutcomeKind.Misconfigured)
        {
            reporter.Report(
                $"failing:{app.Name}:{outcome.Reason}",
                () => $"an event of {Of} was not taken by {Server} and is tried again: {Meaning(outcome.Reason)}. " +
                      $"{outbox.Count(app)} events wait");
        }
    }

    /// <summary>The endpoint as a whole fails, since now or still.</summary>
    public void Paused(SendOutcome outcome)
    {
        TimeSpan outage;
        lock (_lock)
        {
            outage = clock.GetElapsedTime(_failingSince ??= clock.GetTimestamp());
        }

        var since = outage < TimeSpan.FromSeconds(1) ? "" : Invariant($" since {clock.GetUtcNow() - outage:yyyy-MM-dd HH:mm:ss}Z");
        reporter.Report(
            $"closed:{app.Name}:{outcome.Reason}",
            () => $"delivery for {Of} is paused{since}: {Meaning(outcome.Reason)}. {outbox.Count(app)} events wait and are kept; " +
                  "one of them is tried from time to time");
    }

    /// <summary>The endpoint is well again.</summary>
    public void Resumed()
    {
        TimeSpan outage;
        lock (_lock)
        {
            outage = _failingSince is { } since ? clock.GetElapsedTime(since) : default;
            _failingSince = null;
        }

        reporter.Report(
            $"opened:{app.Name}",
            () => $"delivery for {Of} goes on after {outage.TotalSeconds:F0} s; {outbox.Count(app)} events wait");
    }

    private string Meaning(string reason) => reason switch
    {
        "401" => "401 Unauthorized: is DevKey the key of this app?",
        "403" => "403 Forbidden: is this server's IP address in the app's allow list in the panel?",
        "404" => "404 Not Found: are AppId and Endpoint right?",
        "407" => "407 Proxy Authentication Required: the proxy wants to know who asks",
        "400" => "400 Bad Request: is the slug one of this app's, and are its attributes and metrics right?",
        "408" or "timeout" => "no answer in time",
        "429" => "429 Too Many Requests",
        "dns" => $"the name of {Server} cannot be resolved",
        "tls" => $"no secure connection to {Server}: is its certificate trusted here?",
        "connection" => $"no connection to {Server}: is it reachable from here?",
        "broken_off" => "the connection broke off before the answer",
        "protocol" => "the answer was no valid HTTP",
        "handler" => "the HTTP handler threw",
        ['3', ..] => $"{reason}: the endpoint redirects, which is not followed since it would carry the key elsewhere",
        _ => $"status {reason}",
    };
}
