using System.Diagnostics;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Tells Metrix events from all other activities and activity events, on the thread that ends the activity: in nanoseconds,
/// and without allocating.
/// </summary>
internal sealed class ActivityRecognizer(SlugMap slugs)
{
    public bool TryRecognize(Activity activity, out EventMatch recognition)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) && slugs.TryMatchNameOrSlug(name, new SpanRecord(activity), out recognition))
                return true;
        }

        if (slugs.TryMatchName(activity.DisplayName, new SpanRecord(activity), out recognition))
            return true;

        return !ReferenceEquals(activity.DisplayName, activity.OperationName) &&
            slugs.TryMatchName(activity.OperationName, new SpanRecord(activity), out recognition);
    }

    public bool TryRecognize(Activity activity, in ActivityEvent activityEvent, out EventMatch recognition)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) &&
                slugs.TryMatchNameOrSlug(name, new SpanEventRecord(activity, activityEvent), out recognition))
            {
                return true;
            }
        }

        recognition = default;
        return activityEvent.Name is { } eventName &&
            slugs.TryMatchName(eventName, new SpanEventRecord(activity, activityEvent), out recognition);
    }
}
