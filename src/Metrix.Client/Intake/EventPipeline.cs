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
    [ThreadStatic]
    private static EventEncoder? _encoderOfThread;

    /// <summary>Takes an admitted event to the outbox, or ends it.</summary>
    /// <param name="built">The event.</param>
    /// <param name="ledger">The ledger that the event was admitted to.</param>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="sourceWeight">The approximate number of bytes of that record.</param>
    /// <returns>The queued event, or null if it has ended.</returns>
    public QueuedEvent? Submit(EventBuilder built, Ledger ledger, object? source, int sourceWeight = 0)
    {
        ReportOmitted(built, ledger);
        var reason = EventValidator.Check(built);
        if (reason != InvalidReason.None)
            return Refuse(reason, built.Slug, ledger, source, built);

        if (apps.Find(built) is not { } app)
            return Refuse(InvalidReason.AppUnknown, built.Slug, ledger, source, built);

        var body = Encode(built, app);
        if (body.Length > EventEncoder.MaxBodyBytes)
            return Refuse(InvalidReason.TooLarge, built.Slug, ledger, source, built);

        var keptSource = tracker.Failures.Listener is null ? null : source;
        var queued = new QueuedEvent(app, ledger, built.Slug, body, keptSource, tracker)
        {
            Generation = tracker.Flushes.Enter(),
            Weight = body.Length + sourceWeight,
        };
        if (outbox.TryAppend(queued))
        {
            // After the stop, nobody reads the outbox again: the thread that appends must end the event.
            if (tracker.IsStopped)
            {
                queued.TryEnd(
                    outbox, EventState.Dropped, EventTracker.ClosedReason, _ => EventTracker.ClosedMessage);
            }

            return queued;
        }

        tracker.Flushes.Leave(queued.Generation);
        tracker.Drop(
            ledger, source, "full",
            $"the app \"{app.Name}\" has reached OutboxSizeLimit ({options.OutboxSizeLimit} bytes), " +
            "and new events are dropped");
        return null;
    }

    /// <summary>Ends an admitted event that cannot be sent.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="slug">The event's slug.</param>
    /// <param name="ledger">The ledger that the event was admitted to.</param>
    /// <param name="source">The host's own record, or null.</param>
    /// <param name="built">The event, or null if it could not be read.</param>
    /// <returns>Null, because the event has ended.</returns>
    public QueuedEvent? Refuse(
        InvalidReason reason, string slug, Ledger ledger, object? source, EventBuilder? built = null)
    {
        if (outbox.IsDurable)
            outbox.AddDeadLetter(ToDeadLetter(reason, slug, built));
        tracker.EndUnqueued(
            ledger, EventState.Invalid, source, TagValue.Of(reason),
            $"an event with the slug \"{slug}\" was not sent: {EventValidator.Describe(reason)}");
        return null;
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
