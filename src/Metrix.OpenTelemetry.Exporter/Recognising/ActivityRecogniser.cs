using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Recognising;

/// <summary>
/// Tells Metrix events from all other activities and activity events, on the thread that ends the activity: in nanoseconds,
/// and without allocating.
/// </summary>
internal sealed class ActivityRecogniser(SlugMap slugs)
{
    public bool TryRecognise(Activity activity, out Recognition recognition)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) && slugs.TryNameOrSlug(name, new ActivityTags(activity), out recognition))
                return true;
        }

        if (slugs.TryName(activity.DisplayName, new ActivityTags(activity), out recognition))
            return true;

        return !ReferenceEquals(activity.DisplayName, activity.OperationName) &&
            slugs.TryName(activity.OperationName, new ActivityTags(activity), out recognition);
    }

    public bool TryRecognise(Activity activity, in ActivityEvent activityEvent, out Recognition recognition)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (SlugTag.TryRead(tag, out var name) &&
                slugs.TryNameOrSlug(name, new ActivityEventTags(activity, activityEvent), out recognition))
            {
                return true;
            }
        }

        recognition = default;
        return activityEvent.Name is { } eventName &&
            slugs.TryName(eventName, new ActivityEventTags(activity, activityEvent), out recognition);
    }
}
