using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>Looks up the tags of an activity event, then the tags of its activity.</summary>
internal readonly struct SpanEventRecord(Activity activity, ActivityEvent activityEvent) : IRecord
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activityEvent.EnumerateTagObjects())
        {
            if (tag.Key is not null &&
                PropertyPath.TryFind(tag.Key, tag.Value, name, readsMembers: false, out var found))
            {
                return found;
            }
        }

        return new SpanRecord(activity).Find(name);
    }
}
