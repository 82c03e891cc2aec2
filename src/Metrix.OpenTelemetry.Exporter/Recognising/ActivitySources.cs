using System.Diagnostics;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Recognising;

/// <summary>The tags of an activity, as conditions name them.</summary>
internal readonly struct ActivityTags(Activity activity) : IPropertySource
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key is not null && PropertyPath.TryFind(tag.Key, tag.Value, name, takesApart: false, out var found))
                return found;
        }

        return null;
    }
}

/// <summary>The tags of an activity event, and behind them those of its activity.</summary>
internal readonly struct ActivityEventTags(Activity activity, ActivityEvent activityEvent) : IPropertySource
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (tag.Key is not null && PropertyPath.TryFind(tag.Key, tag.Value, name, takesApart: false, out var found))
                return found;
        }

        return new ActivityTags(activity).Find(name);
    }
}
