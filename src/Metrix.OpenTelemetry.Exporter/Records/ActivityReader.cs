using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Adds an activity, or one of its activity events, to an <see cref="EventBuilder"/>.
/// </summary>
/// <param name="baggageKeys">The keys of the baggage items to read.</param>
/// <param name="isOnEmittingThread">Whether activities are read on the thread that ends them. On another thread, the
/// ambient identity and baggage belong to other work.</param>
internal sealed class ActivityReader(IEnumerable<string> baggageKeys, bool isOnEmittingThread)
{
    private readonly BaggageReader _baggage = new(baggageKeys);

    public void Read(RecognizedActivity record, EventBuilder builder)
    {
        var activity = record.Activity;
        if (record.Event is { } activityEvent)
        {
            builder.Start(record.Match.Slug, activityEvent.Timestamp);
            foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
                Add(builder, tag);
        }
        else
        {
            builder.Start(record.Match.Slug, new DateTimeOffset(activity.StartTimeUtc + activity.Duration));
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
                Add(builder, tag);
        }

        _baggage.AddTo(builder, activity, isOnEmittingThread);
        ParentIdentity.Inherit(builder, activity, isOnEmittingThread);
    }

    // An application can add a tag without a name.
    private static void Add(EventBuilder builder, in KeyValuePair<string, object?> tag)
    {
        if (!string.IsNullOrEmpty(tag.Key))
            ObjectReader.Add(builder, tag.Key, tag.Value);
    }
}
