using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Pushes an activity, or one of its events, into an <see cref="EventBuilder"/>.
/// </summary>
/// <param name="baggageKeys">The keys of baggage that are read.</param>
/// <param name="isOnEmittingThread">Whether activities are read on the thread that ends them: what is ambient elsewhere is
/// somebody else's.</param>
internal sealed class ActivityReader(IEnumerable<string> baggageKeys, bool isOnEmittingThread)
{
    private readonly BaggageReader _baggage = new(baggageKeys);

    public void Read(RecognizedActivity record, EventBuilder builder)
    {
        var activity = record.Activity;
        if (record.Event is { } activityEvent)
        {
            builder.Start(record.Recognition.Slug, activityEvent.Timestamp);
            foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
                Push(builder, tag);
        }
        else
        {
            builder.Start(record.Recognition.Slug, new DateTimeOffset(activity.StartTimeUtc + activity.Duration));
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
                Push(builder, tag);
        }

        _baggage.Push(builder, activity, isOnEmittingThread);
        ParentIdentity.Inherit(builder, activity, isOnEmittingThread);
    }

    // Nothing keeps an application from a tag without a name.
    private static void Push(EventBuilder builder, in KeyValuePair<string, object?> tag)
    {
        if (!string.IsNullOrEmpty(tag.Key))
            ObjectReader.Add(builder, tag.Key, tag.Value);
    }
}
