using Metrix.Client.Apps;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;

namespace Metrix.Client.Intake;

/// <summary>
/// Takes a mapped event to the outbox: validates it, encodes it once and appends it, or ends it with a reason. Runs on
/// the thread that mapped the event.
/// </summary>
internal sealed class EventPipeline(
    MetrixOptions options, AppDirectory apps, EventTracker tracker, IOutbox outbox, Reporter reporter)
{
    private const string FailedReason = "error";

    [ThreadStatic]
    private static EventEncoder? _encoderOfThread;

    /// <summary>Takes an admitted event to the outbox, or ends it. Does not throw.</summary>
    /// <param name="built">The event.</param>
    /// <param name="admission">The event's ledger and flush generation.</param>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="sourceWeight">The approximate number of bytes of that record.</param>
    /// <returns>The queued event, or null if it has ended.</returns>
    public QueuedEvent? Submit(EventBuilder built, Admission admission, object? source, int sourceWeight = 0)
    {
        QueuedEvent? queued = null;
        try
        {
            ReportOmitted(built, admission.Ledger);
            var reason = EventValidator.Check(built);
            var app = apps.Find(built);
            if (reason == InvalidReason.None && app is null)
                reason = InvalidReason.AppUnknown;
            var body = reason == InvalidReason.None ? Encode(built, app!) : [];
            if (body.Length > EventEncoder.MaxBodyBytes)
                reason = InvalidReason.TooLarge;
            if (reason != InvalidReason.None)
                return Refuse(reason, built.Slug, admission, source, built);

            var keptSource = tracker.Failures.Listener is null ? null : source;
            queued = new QueuedEvent(app!, admission.Ledger, built.Slug, body, keptSource, tracker)
            {
                Generation = admission.Generation,
                Weight = body.Length + sourceWeight,
            };
            if (outbox.TryAppend(queued))
                return EndIfStopped(queued);
        }
        catch (Exception exception)
        {
            // Memory may be exhausted. Nobody else would end the event, and its emitter must not see the exception.
            if (queued?.TryDiscard() ?? true)
            {
                tracker.Drop(
                    admission, source, FailedReason,
                    $"an event could not be taken to the outbox: {exception.GetType().Name}");
            }

            return null;
        }

        tracker.Drop(
            admission, source, "full",
            $"the app \"{queued.App.Name}\" has reached OutboxSizeLimit ({options.OutboxSizeLimit} bytes), " +
            "and new events are dropped");
        return null;
    }

    /// <summary>Ends an admitted event that cannot be sent. Does not throw.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="slug">The event's slug.</param>
    /// <param name="admission">The event's ledger and flush generation.</param>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="built">The event, or null if it could not be read.</param>
    /// <returns>Null, because the event has ended.</returns>
    public QueuedEvent? Refuse(
        InvalidReason reason, string slug, Admission admission, object? source, EventBuilder? built = null)
    {
        try
        {
            if (outbox.IsDurable)
                outbox.AddDeadLetter(ToDeadLetter(reason, slug, built));
        }
        catch (Exception exception)
        {
            reporter.Report("dead_letter", () => $"a dead letter could not be written: {exception.GetType().Name}");
        }

        tracker.EndUnqueued(
            admission, EventState.Invalid, source, TagValue.Of(reason),
            $"an event with the slug \"{slug}\" was not sent: {EventValidator.Describe(reason)}");
        return null;
    }

    // After the stop, nobody reads the outbox again: the thread that appends must end the event.
    private QueuedEvent EndIfStopped(QueuedEvent queued)
    {
        if (tracker.IsStopped)
            queued.TryEnd(outbox, EventState.Dropped, EventTracker.ClosedReason, _ => EventTracker.ClosedMessage);
        return queued;
    }

    private static byte[] Encode(EventBuilder built, MetrixApp app)
    {
        built.Redact(app.HashKey);
        return (_encoderOfThread ??= new EventEncoder()).Encode(built);
    }

    // Without an app there is no key to hash redacted values with, so the body is not kept. Nor is one that is too
    // large.
    private DeadLetter ToDeadLetter(InvalidReason reason, string slug, EventBuilder? built)
    {
        var app = built is null ? null : apps.Find(built);
        var body = app is null || reason == InvalidReason.TooLarge ? null : Encode(built!, app);
        return new DeadLetter(
            app?.AppId,
            Utf8Limit.TryTruncate(slug, out var truncated) ? truncated : slug,
            options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            EventState.Invalid,
            TagValue.Of(reason),
            Answer: null,
            body is { Length: > EventEncoder.MaxBodyBytes } ? null : body);
    }

    // Deeper names may be keys of the application's own data, which do not belong in messages.
    private static string Root(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? $"{name[..dot]}.…" : name;

    private void ReportOmitted(EventBuilder built, Ledger ledger)
    {
        foreach (var omitted in built.Omitted)
        {
            var reason = TagValue.Of(omitted.Reason);
            Instruments.CountOmitted(ledger.App, reason);
            reporter.Report(
                $"omitted:{reason}",
                () => $"the value of \"{Root(omitted.Name)}\" in an event with the slug \"{built.Slug}\" was " +
                    OmittedValue.Describe(omitted.Reason));
        }
    }
}
