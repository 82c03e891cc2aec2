using System.Diagnostics;
using Metrix.Client.Mapping;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Pushes the baggage whose keys the settings list, behind what the record says itself. Nothing else of baggage is read:
/// it comes from outside.
/// </summary>
internal sealed class BaggageReader(IEnumerable<string> keys)
{
    private readonly string[] _keys = [.. keys];

    /// <param name="builder">What it is pushed into.</param>
    /// <param name="activity">The activity that the record belongs to, whose own baggage counts too.</param>
    /// <param name="isAmbient">Whether the baggage of this thread is the record's.</param>
    public void Push(EventBuilder builder, Activity? activity, bool isAmbient)
    {
        foreach (var key in _keys)
        {
            if (((isAmbient ? Baggage.Current.GetBaggage(key) : null) ?? activity?.GetBaggageItem(key)) is { } value)
                builder.Add(key, value);
        }
    }
}
