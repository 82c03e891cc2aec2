using System.Diagnostics;
using Metrix.Client;
using Metrix.Client.Mapping;
using Metrix.Client.Rules;
using Metrix.OpenTelemetry.Exporter.Records;

namespace Metrix.OpenTelemetry.Exporter.Pipeline;

/// <summary>
/// Accepts activities and activity events that are Metrix events. Reads them on the calling thread and keeps no
/// reference to them.
/// </summary>
internal sealed class ActivityIntake
{
    private readonly MetrixClient _client;
    private readonly BuilderPool _builders;
    private readonly ActivityRecognizer _recognizer;
    private readonly Action<RecognizedActivity, EventBuilder> _read;
    private readonly bool _dropsUnsampled;

    public ActivityIntake(MetrixClient client, MetrixExporterOptions options, bool isOnEmittingThread)
    {
        _client = client;
        _dropsUnsampled = options.UnsampledActivities == MetrixUnsampledActivities.Drop;
        _builders = new BuilderPool(new MappingRules(options, PropertyFilter.TracingNoise));
        _recognizer = new ActivityRecognizer(client.Slugs);
        _read = new ActivityReader(options.BaggageKeys, isOnEmittingThread).Read;
    }

    public SlugMap Slugs => _client.Slugs;

    /// <summary>Accepts the activity and each of its activity events that is a Metrix event.</summary>
    /// <returns>False when the client refuses one of them.</returns>
    public bool Accept(Activity activity)
    {
        // Another Metrix exporter with other settings may have caused the recording.
        if (_dropsUnsampled && !activity.Recorded)
            return true;

        var isAccepted = true;
        if (_recognizer.TryRecognize(activity, out var match))
            isAccepted = _client.Accept(new RecognizedActivity(activity, null, match), _read, _builders);

        foreach (ref readonly var activityEvent in activity.EnumerateEvents())
        {
            if (_recognizer.TryRecognize(activity, activityEvent, out match))
            {
                isAccepted &= _client.Accept(
                    new RecognizedActivity(activity, activityEvent, match), _read, _builders);
            }
        }

        return isAccepted;
    }
}
