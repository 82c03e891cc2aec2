using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter.Records;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Where activities enter: what is an event is read on the calling thread, and no reference to it is kept.
/// </summary>
internal sealed class ActivityIntake
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly ActivityRecognizer _recogniser;
    private readonly Action<RecognizedActivity, EventBuilder> _read;
    private readonly bool _ignoresUnsampled;

    public ActivityIntake(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _ignoresUnsampled = options.UnsampledActivities == MetrixUnsampledActivities.Drop;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.TracingNoise));
        _recogniser = new ActivityRecognizer(client.Slugs);
        _read = new ActivityReader(options.BaggageKeys, isOnEmittingThread).Read;
    }

    public SlugMap Slugs => _client.Slugs;

    /// <summary>Takes the activity, and each of its events, that is an event of Metrix.</summary>
    /// <returns>False when one of them was refused.</returns>
    public bool Take(Activity activity)
    {
        // Another exporter's settings may have had it recorded.
        if (_ignoresUnsampled && !activity.Recorded)
            return true;

        var isTaken = true;
        if (_recogniser.TryRecognize(activity, out var recognition))
            isTaken = _client.Accept(new RecognizedActivity(activity, null, recognition), _read, _builders);

        foreach (ref readonly var activityEvent in activity.EnumerateEvents())
        {
            if (_recogniser.TryRecognize(activity, activityEvent, out recognition))
                isTaken &= _client.Accept(new RecognizedActivity(activity, activityEvent, recognition), _read, _builders);
        }

        return isTaken;
    }
}
