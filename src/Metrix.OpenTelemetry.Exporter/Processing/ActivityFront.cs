using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.OpenTelemetry.Exporter.Mapping;
using Metrix.OpenTelemetry.Exporter.Recognising;

namespace Metrix.OpenTelemetry.Exporter.Processing;

/// <summary>
/// Where activities enter: what is an event is read on the calling thread, and no reference to it is kept.
/// </summary>
internal sealed class ActivityFront
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly ActivityRecogniser _recogniser;
    private readonly Action<ActivityRecord, EventBuilder> _read;
    private readonly bool _ignoresUnsampled;

    public ActivityFront(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _ignoresUnsampled = options.Unsampled == MetrixUnsampled.Ignore;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.OfTracing));
        _recogniser = new ActivityRecogniser(_builders.Rules.Slugs);
        _read = new ActivityReader(options.BaggageKeys, isOnEmittingThread).Read;
    }

    public SlugMap Slugs => _builders.Rules.Slugs;

    /// <summary>Takes the activity, and each of its events, that is an event of Metrix.</summary>
    /// <returns>False when one of them was refused.</returns>
    public bool Take(Activity activity)
    {
        // Another exporter's settings may have had it recorded.
        if (_ignoresUnsampled && !activity.Recorded)
            return true;

        var isTaken = true;
        if (_recogniser.TryRecognise(activity, out var recognition))
            isTaken = _client.Take(new ActivityRecord(activity, null, recognition), _read, _builders);

        foreach (ref readonly var activityEvent in activity.EnumerateEvents())
        {
            if (_recogniser.TryRecognise(activity, activityEvent, out recognition))
                isTaken &= _client.Take(new ActivityRecord(activity, activityEvent, recognition), _read, _builders);
        }

        return isTaken;
    }
}
