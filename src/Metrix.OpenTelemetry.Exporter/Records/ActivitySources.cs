using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>The tags of an activity, as conditions name them.</summary>
internal readonly struct SpanRecord(Activity activity) : IRecord
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key is not null && PropertyPath.TryFind(tag.Key, tag.Value, name, readsMembers: false, out var found))
                return found;
        }

        return null;
    }
}

/// <summary>The tags of an activity event, and behind them those of its activity.</summary>
internal readonly struct SpanEventRecord(Activity activity, ActivityEvent activityEvent) : IRecord
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (tag.Key is not null && PropertyPath.TryFind(tag.Key, tag.Value, name, readsMembers: false, out var found))
                return found;
        }

        return new SpanRecord(activity).Find(name);
    }
}
