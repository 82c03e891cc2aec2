using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Looks for whom an event belongs to where its record does not say: in the tags of the activity at hand and its ancestors in
/// this process, the nearest first, then in the <see cref="MetrixContext"/>. Only where that tells of nobody, as when a server
/// span ends behind all middleware, whom the request was from counts: two users are never mixed.
/// </summary>
internal static class ParentIdentity
{
    // Deeper traces are mistakes; a chain cannot close to a ring, but it can be long.
    private const int MaxAncestors = 100;

    /// <param name="builder">What it is pushed into.</param>
    /// <param name="activity">The activity at hand.</param>
    /// <param name="isAmbient">Whether the context of this thread is the record's.</param>
    public static void Inherit(EventBuilder builder, Activity? activity, bool isAmbient)
    {
        var level = 0;
        MetrixIdentity? ofRequest = null;
        for (; activity is not null && level < MaxAncestors; activity = activity.Parent, level++)
        {
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
            {
                if (tag.Key is not null)
                    builder.Inherit(tag.Key, tag.Value, level);
            }

            ofRequest ??= activity.GetCustomProperty(MetrixContext.ActivityProperty) as MetrixIdentity;
        }

        if (((isAmbient ? MetrixContext.Current : null) ?? ofRequest) is { } identity)
            builder.Inherit(identity, level);
    }
}
