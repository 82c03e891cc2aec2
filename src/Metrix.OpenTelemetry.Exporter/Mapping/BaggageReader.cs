using System.Diagnostics;
using Metrix.Client.Mapping;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Mapping;

/// <summary>
/// Pushes the baggage whose keys the settings list, behind what the record says itself. Nothing else of baggage is read:
/// it comes from outside.
/// </summary>
internal sealed class BaggageReader(IEnumerable<string> keys)
{
    private readonly string[] _keys = [.. keys];

    public void Push(EventBuilder builder, Activity? activity)
    {
        foreach (var key in _keys)
        {
            if ((Baggage.Current.GetBaggage(key) ?? activity?.GetBaggageItem(key)) is { } value)
                builder.Add(key, value);
        }
    }
}
