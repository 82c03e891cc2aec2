using System.Diagnostics;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>Looks up the tags of an activity by the names under which they are sent.</summary>
internal readonly struct SpanRecord(Activity activity) : IRecord
{
    public object? Find(string name)
    {
        foreach (ref readonly var tag in activity.EnumerateTagObjects())
        {
            if (tag.Key is not null &&
                PropertyPath.TryFind(tag.Key, tag.Value, name, readsMembers: false, out var found))
            {
                return found;
            }
        }

        return null;
    }
}
