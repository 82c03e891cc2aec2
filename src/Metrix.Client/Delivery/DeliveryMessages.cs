using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;
using Metrix.Client.Wire;
using static System.FormattableString;

namespace Metrix.Client.Delivery;

/// <summary>
/// Composes the messages of one app's dispatcher for the on-call engineer: what failed, since when, how many events
/// wait, and what to do. They contain no keys, ids, values or answers.
/// </summary>
internal sealed class DeliveryMessages(MetrixApp app, IOutbox outbox, Reporter reporter, TimeProvider clock)
{
    private readonly object _lock = new();
    private long? _pausedSince;

    private string App => $"the app \"{app.Name}\"";

    private string Server => app.Address.GetLeftPart(UriPartial.Authority);

    public string Expired(QueuedEvent queued) =>
        $"an event with the slug \"{queued.Slug}\" of {App} could not be delivered within RetryTimeLimit, and is lost";

    public string Rejected(QueuedEvent queued, SendOutcome outcome) =>
        $"{Server} permanently rejected an event with the slug \"{queued.Slug}\" of {App}: " +
        Explain(outcome);

    /// <summary>Reports a failed attempt that will be repeated.</summary>
    public void Failing(SendOutcome outcome)
    {
        if (outcome.Kind != SendOutcomeKind.Misconfigured)
        {
            reporter.Report(
                $"failing:{app.Name}:{outcome.Reason}",
                () => $"{Server} did not accept an event of {App}, and it will be retried: " +
                      $"{Explain(outcome)}. {outbox.Count(app)} events wait");
        }
    }

    /// <summary>Reports that delivery is paused, or still is, because the endpoint fails as a whole.</summary>
    public void Paused(SendOutcome outcome)
    {
        TimeSpan outage;
        lock (_lock)
        {
            outage = clock.GetElapsedTime(_pausedSince ??= clock.GetTimestamp());
        }

        var since = outage < TimeSpan.FromSeconds(1)
            ? ""
            : Invariant($" since {clock.GetUtcNow() - outage:yyyy-MM-dd HH:mm:ss}Z");
        reporter.Report(
            $"paused:{app.Name}:{outcome.Reason}",
            () => $"delivery for {App} is paused{since}: {Explain(outcome)}. {outbox.Count(app)} events wait " +
                  "and are kept; one of them is sent from time to time as a probe");
    }

    /// <summary>Reports that delivery has resumed.</summary>
    public void Resumed()
    {
        TimeSpan outage;
        lock (_lock)
        {
            outage = _pausedSince is { } since ? clock.GetElapsedTime(since) : default;
            _pausedSince = null;
        }

        reporter.Report(
            $"resumed:{app.Name}",
            () => $"delivery for {App} has resumed after {outage.TotalSeconds:F0} s; {outbox.Count(app)} events wait");
    }

    private string Explain(SendOutcome outcome) => OutcomeText.Explain(outcome, app.Address);
}
