using Metrix.Client.Apps;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Tracking;

namespace Metrix.Client.Intake;

/// <summary>
/// The way of a mapped event into the outbox: validated, encoded once, appended, or ended with a reason. On whichever thread
/// maps.
/// </summary>
internal sealed class EventPipeline(MetrixOptions options, AppDirectory apps, EventTracker custody, IOutbox outbox, Reporter reporter)
{
    [ThreadStatic]
    private static EventEncoder? _encoderOfThread;

    /// <summary>
    /// Takes an admitted event from mapping to the outbox, or ends it.
    /// </summary>
    /// <returns>The event, which the outbox has now, or null when it ended.</returns>
    /// <param name="built">The event.</param>
    /// <param name="ledger">The books that it is in.</param>
    /// <param name="source">The host's own record.</param>
    /// <param name="weight">About how many bytes that takes, when it is kept.</param>
    public QueuedEvent? Submit(EventBuilder built, Ledger ledger, object? source, int weight = 0)
    {
        ReportLeftOut(built, ledger);
        var reason = EventValidator.Check(built);
        if (reason != InvalidReason.None)
            return Refuse(reason, built.Slug, ledger, source, built);

        if (apps.Find(built) is not { } app)
            return Refuse(InvalidReason.AppUnknown, built.Slug, ledger, source, built);

        var body = Encode(built, app);
        if (body.Length > EventEncoder.MaxBodyBytes)
            return Refuse(InvalidReason.TooLarge, built.Slug, ledger, source, built);

        var entry = new QueuedEvent(app, ledger, built.Slug, body, custody.FailureListener is null ? null : source)
        {
            Generation = custody.Flushes.Enter(),
            Weight = body.Length + weight,
        };
        if (outbox.TryAppend(entry))
        {
            // Nobody looks into the outbox again after the stop: whoever appends later ends the event itself.
            if (custody.IsStopped)
                custody.TryEnd(entry, outbox, EventState.Dropped, EventTracker.ClosedReason, _ => EventTracker.ClosedMessage);
            return entry;
        }

        custody.Flushes.Leave(entry.Generation);
        custody.Drop(ledger, source, "full", $"OutboxSizeLimit ({options.OutboxSizeLimit} bytes) is reached for the app \"{app.Name}\", and new events are refused");
        return null;
    }

    /// <summary>Ends an admitted event that cannot be sent as it is.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="slug">Its slug.</param>
    /// <param name="ledger">The books that it is in.</param>
    /// <param name="source">The host's own record.</param>
    /// <param name="built">What was read of it, or null when it could not be read.</param>
    public QueuedEvent? Refuse(InvalidReason reason, string slug, Ledger ledger, object? source, EventBuilder? built = null)
    {
        if (outbox.IsDurable)
            outbox.AddDeadLetter(LetterOf(reason, slug, built));
        custody.EndUnqueued(
            ledger, EventState.Invalid, source, TagValue.Of(reason),
            $"an event with the slug \"{slug}\" is not sent: {EventValidator.Describe(reason)}");
        return null;
    }

    private static byte[] Encode(EventBuilder built, MetrixApp app)
    {
        built.Redact(app);
        return (_encoderOfThread ??= new EventEncoder()).Encode(built);
    }

    // Without an app there is no key to hash with what must not be kept as it is; what is too large is not kept either.
    private DeadLetter LetterOf(InvalidReason reason, string slug, EventBuilder? built)
    {
        var app = built is null ? null : apps.Find(built);
        var body = app is null || reason == InvalidReason.TooLarge ? null : Encode(built!, app);
        return new DeadLetter(
            app?.AppId, Utf8Limit.TryTruncate(slug, out var cut) ? cut : slug, options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(), EventState.Invalid,
            TagValue.Of(reason), Answer: null, body is { Length: > EventEncoder.MaxBodyBytes } ? null : body);
    }

    // What lies deeper may be a key of the application's own data.
    private static string Root(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? $"{name[..dot]}.…" : name;

    private void ReportLeftOut(EventBuilder built, Ledger ledger)
    {
        foreach (var leftOut in built.Omitted)
        {
            var reason = TagValue.Of(leftOut.Reason);
            Instruments.CountOmitted(ledger.App, reason);
            reporter.Report($"left_out:{reason}", () =>
                $"the value of \"{Root(leftOut.Name)}\" in an event with the slug \"{built.Slug}\" was " + leftOut.Reason switch
                {
                    OmissionReason.Truncated => $"cut to {Utf8Limit.MaxBytes} bytes",
                    OmissionReason.TooMany => $"left out: an event has at most {EventBuilder.MaxAttributes} attributes",
                    OmissionReason.NameTooLong => $"left out: a name has at most {Utf8Limit.MaxBytes} bytes",
                    OmissionReason.TooDeep => "left out: it lies too deep in its object",
                    OmissionReason.NotATime => "not used as the event's time: it is no date and time and no Unix milliseconds",
                    _ => "left out: it has no form as a number or text that Metrix takes",
                });
        }
    }
}
