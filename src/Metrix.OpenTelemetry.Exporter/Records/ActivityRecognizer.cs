using System.Diagnostics;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Recognizes the activities and activity events that are Metrix events. It runs on the thread that ends the activity,
/// so it takes nanoseconds and does not allocate for others.
/// </summary>
internal sealed class ActivityRecognizer(SlugMap slugs)
{
    public bool TryRecognize(Activity activity, out EventMatch match)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) &&
                slugs.TryMatchNameOrSlug(name, new SpanRecord(activity), out match))
            {
                return true;
            }
        }

        if (slugs.TryMatchName(activity.DisplayName, new SpanRecord(activity), out match))
            return true;

        return !ReferenceEquals(activity.DisplayName, activity.OperationName) &&
            slugs.TryMatchName(activity.OperationName, new SpanRecord(activity), out match);
    }

    public bool TryRecognize(Activity activity, in ActivityEvent activityEvent, out EventMatch match)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) &&
                slugs.TryMatchNameOrSlug(name, new SpanEventRecord(activity, activityEvent), out match))
            {
                return true;
            }
        }

        match = default;
        return activityEvent.Name is { } eventName &&
            slugs.TryMatchName(eventName, new SpanEventRecord(activity, activityEvent), out match);
    }
}
