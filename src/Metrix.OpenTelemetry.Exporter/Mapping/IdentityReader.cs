using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;

namespace Metrix.OpenTelemetry.Exporter.Mapping;

/// <summary>
/// Looks for whom an event belongs to where its record does not say: in the activity at hand and its ancestors in this
/// process, the nearest first, then in the <see cref="MetrixContext"/>.
/// </summary>
internal static class IdentityReader
{
    // Deeper traces are mistakes; a chain cannot close to a ring, but it can be long.
    private const int MostAncestors = 100;

    /// <param name="builder">What it is pushed into.</param>
    /// <param name="activity">The activity at hand.</param>
    /// <param name="isAmbient">Whether the context of this thread is the record's.</param>
    public static void Inherit(EventBuilder builder, Activity? activity, bool isAmbient)
    {
        var level = 0;
        for (; activity is not null && level < MostAncestors; activity = activity.Parent, level++)
        {
            foreach (ref readonly var tag in activity.EnumerateTagObjects())
            {
                if (tag.Key is not null)
                    builder.Inherit(tag.Key, tag.Value, level);
            }

            if (activity.GetCustomProperty(MetrixContext.ActivityProperty) is MetrixIdentity own)
                builder.Inherit(own, level);
        }

        if (isAmbient && MetrixContext.Current is { } identity)
            builder.Inherit(identity, level);
    }
}
