using Metrix.Client.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Outbox;
using Metrix.Client.Wire;

namespace Metrix.Client.Delivery;

/// <summary>
/// The way of a mapped event into the outbox: validated, encoded once, appended, or ended with a reason. On whichever thread
/// maps.
/// </summary>
internal sealed class Intake(MetrixOptions options, AppDirectory apps, Custody custody, IOutbox outbox, Reporter reporter)
{
    [ThreadStatic]
    private static EventEncoder? _encoderOfThread;

    /// <summary>
    /// Takes an admitted event from mapping to the outbox, or ends it.
    /// </summary>
    /// <returns>The app whose dispatcher has it now, or null when it ended.</returns>
    public MetrixApp? Submit(EventBuilder built, Ledger ledger, object? source)
    {
        ReportLeftOut(built, ledger);
        var reason = EventValidator.Check(built);
        if (reason != InvalidReason.None)
            return Refuse(reason, built.Slug, ledger, source);

        if (apps.Find(built) is not { } app)
            return Refuse(InvalidReason.AppUnknown, built.Slug, ledger, source);

        built.Redact(app);
        var body = (_encoderOfThread ??= new EventEncoder()).Encode(built);
        if (body.Length > EventEncoder.MaxBodyBytes)
            return Refuse(InvalidReason.TooLarge, built.Slug, ledger, source);

        var entry = new OutboxEntry(app, ledger, built.Slug, body, custody.FailureListener is null ? null : source)
        {
            Generation = custody.Flushes.Enter(),
        };
        if (outbox.TryAppend(entry))
        {
            // Nobody looks into the outbox again after the stop: whoever appends later ends the event itself.
            if (custody.IsStopped)
                custody.TryEnd(entry, outbox, EventState.Dropped, Custody.ClosedReason, _ => Custody.ClosedMessage);
            return app;
        }

        custody.Flushes.Leave(entry.Generation);
        custody.Drop(ledger, source, "full", $"OutboxSizeLimit ({options.OutboxSizeLimit} bytes) is reached, and new events are refused");
        return null;
    }

    /// <summary>Ends an admitted event that cannot be sent as it is.</summary>
    public MetrixApp? Refuse(InvalidReason reason, string slug, Ledger ledger, object? source)
    {
        custody.EndUnqueued(
            ledger, EventState.Invalid, source, TagValue.Of(reason),
            $"an event with the slug \"{slug}\" is not sent: {EventValidator.Describe(reason)}");
        return null;
    }

    private void ReportLeftOut(EventBuilder built, Ledger ledger)
    {
        foreach (var leftOut in built.LeftOut)
        {
            var reason = TagValue.Of(leftOut.Reason);
            Instruments.CountLeftOut(ledger.App, reason);
            reporter.Say($"left_out:{reason}", () =>
                $"the value of \"{leftOut.Name}\" in an event with the slug \"{built.Slug}\" was " + leftOut.Reason switch
                {
                    LeftOutReason.Cut => $"cut to {Utf8Limit.MaxBytes} bytes",
                    LeftOutReason.TooMany => $"left out: an event has at most {EventBuilder.MaxAttributes} attributes",
                    LeftOutReason.NameTooLong => $"left out: a name has at most {Utf8Limit.MaxBytes} bytes",
                    LeftOutReason.TooDeep => "left out: it lies too deep in its object",
                    LeftOutReason.NoTime => "not used as the event's time: it is no date and time and no Unix milliseconds",
                    _ => "left out: it has no form as a number or text that Metrix takes",
                });
        }
    }
}
