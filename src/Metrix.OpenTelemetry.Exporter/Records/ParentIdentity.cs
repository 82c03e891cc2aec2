using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Completes the identity of an event from its surroundings: first the tags of the activity and of its ancestors in
/// this process, nearest first, then the <see cref="MetrixContext"/>.
/// </summary>
/// <remarks>
/// Without an ambient identity, the identity that the request middleware stored on an activity is used. This is the
/// case when a server span ends after all middleware. The two are never combined, so an event never mixes two users.
/// </remarks>
internal static class ParentIdentity
{
    // A deeper trace is a mistake of the application. The chain of parents cannot form a cycle, but it can be long.
    private const int MaxAncestors = 100;

    /// <param name="builder">The builder to complete.</param>
    /// <param name="activity">The activity of the record.</param>
    /// <param name="isAmbient">Whether the ambient identity of this thread is the identity of the record.</param>
    public static void Inherit(EventBuilder builder, Activity? activity, bool isAmbient)
    {
        var level = 0;
        MetrixIdentity? requestIdentity = null;
        for (; activity is not null && level < MaxAncestors; activity = activity.Parent, level++)
        {
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
            {
                if (tag.Key is not null)
                    builder.Inherit(tag.Key, tag.Value, level);
            }

            requestIdentity ??= activity.GetCustomProperty(MetrixContext.ActivityProperty) as MetrixIdentity;
        }

        if (((isAmbient ? MetrixContext.Current : null) ?? requestIdentity) is { } identity)
            builder.Inherit(identity, level);
    }
}
