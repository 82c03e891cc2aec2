using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Mapping;

/// <summary>
/// Pushes an activity, or one of its events, into an <see cref="EventBuilder"/>.
/// </summary>
internal sealed class ActivityReader(IEnumerable<string> baggageKeys)
{
    private readonly BaggageReader _baggage = new(baggageKeys);

    public void Read(ActivityRecord record, EventBuilder builder)
    {
        var activity = record.Activity;
        if (record.Event is { } activityEvent)
        {
            builder.Start(record.Recognition.Slug, activityEvent.Timestamp);
            foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
                ObjectReader.Add(builder, tag.Key, tag.Value);
        }
        else
        {
            builder.Start(record.Recognition.Slug, new DateTimeOffset(activity.StartTimeUtc + activity.Duration));
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
                ObjectReader.Add(builder, tag.Key, tag.Value);
        }

        _baggage.Push(builder, activity);
        IdentityReader.Inherit(builder, activity);
    }
}
