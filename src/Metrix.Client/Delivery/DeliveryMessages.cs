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
/// <remarks>
/// What fails is reported as over once it is over: when delivery resumes, or when no event waits for a retry any more.
/// Messages are queued, and <see cref="WriteQueued"/> writes them.
/// </remarks>
internal sealed class DeliveryMessages(MetrixApp app, IOutbox outbox, Reporter reporter, TimeProvider clock)
{
    private readonly object _lock = new();
    private long? _pausedSince;

    private string App => $"the app \"{app.Name}\"";

    private string Server => app.Address.GetLeftPart(UriPartial.Authority);

    private string Trouble => $"delivery:{app.Name}";

    private string Waiting => Wording.EventsWait(outbox.Count(app));

    public string Expired(QueuedEvent queued) =>
        $"an event with the slug \"{queued.Slug}\" of {App} could not be delivered within RetryTimeLimit, and is lost";

    public string Rejected(QueuedEvent queued, SendOutcome outcome) =>
        $"{Server} permanently rejected an event with the slug \"{queued.Slug}\" of {App}: {Explain(outcome)}";

    /// <summary>Explains the rejection of an event that alone was refused, again and again.</summary>
    public string RefusedAlone(QueuedEvent queued, SendOutcome outcome, int refusals) =>
        $"an event with the slug \"{queued.Slug}\" of {App} was refused {refusals} times while others were " +
        $"delivered, and is rejected. {Wording.Sentence(Explain(outcome))} Here, this one event is the probable cause";

    /// <summary>Reports an attempt that failed for one event while others are delivered.</summary>
    public void Refusing(SendOutcome outcome) => reporter.QueueTrouble(
        Trouble, $"refusing:{app.Name}:{outcome.Reason}",
        () => $"{Server} refused one event of {App} while others are delivered, and it will be retried: " +
              Explain(outcome));

    /// <summary>Reports a failed attempt that will be repeated.</summary>
    public void Failing(SendOutcome outcome) => reporter.QueueTrouble(
        Trouble, $"failing:{app.Name}:{outcome.Reason}",
        () => $"{Server} did not accept an event of {App}, and it will be retried: " +
              $"{Wording.Sentence(Explain(outcome))} {Waiting}");

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
        reporter.QueueTrouble(
            Trouble, $"paused:{app.Name}:{outcome.Reason}",
            () => $"delivery for {App} is paused{since}: {Wording.Sentence(Explain(outcome))} {Waiting}, and " +
                  "one is sent from time to time as a probe");
    }

    /// <summary>Reports that delivery has resumed, if it was reported as paused or failing.</summary>
    public void Resumed()
    {
        TimeSpan outage;
        lock (_lock)
        {
            outage = _pausedSince is { } since ? clock.GetElapsedTime(since) : default;
            _pausedSince = null;
        }

        reporter.QueueOver(
            Trouble, () => Invariant($"delivery for {App} has resumed after {outage.TotalSeconds:F0} s"));
    }

    /// <summary>Reports that no event has to be retried any more, if any was reported to.</summary>
    public void Recovered() =>
        reporter.QueueOver(Trouble, () => $"{Server} answers again, and no event of {App} has to be retried any more");

    /// <summary>Gets whether a message is queued.</summary>
    public bool HasQueued => reporter.HasQueued;

    /// <summary>Writes the messages that are queued. It calls the application's code.</summary>
    public void WriteQueued() => reporter.WriteQueued();

    /// <summary>Reports an exception that nothing else handled.</summary>
    public void Faulted(Exception exception) => reporter.Report(
        $"faulted:{app.Name}:{exception.GetType().Name}",
        () => $"delivery for {App} was interrupted by an unexpected {exception.GetType().Name}, and continues");

    private string Explain(SendOutcome outcome) => OutcomeText.Explain(outcome, app.Address);
}
