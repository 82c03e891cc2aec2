using System.Diagnostics;
using Metrix.Client.Mapping;
using OpenTelemetry;

namespace Metrix.OpenTelemetry.Exporter.Records;

/// <summary>
/// Adds the baggage items that the settings list, after the record's own values. No other baggage is read, because it
/// comes from outside and is not trusted.
/// </summary>
internal sealed class BaggageReader(IEnumerable<string> keys)
{
    private readonly string[] _keys = [.. keys];

    /// <param name="builder">The builder to add to.</param>
    /// <param name="activity">The activity of the record. Its baggage is read after the ambient baggage.</param>
    /// <param name="isAmbient">Whether the ambient baggage of this thread is the baggage of the record.</param>
    public void AddTo(EventBuilder builder, Activity? activity, bool isAmbient)
    {
        foreach (var key in _keys)
        {
            if (((isAmbient ? Baggage.Current.GetBaggage(key) : null) ?? activity?.GetBaggageItem(key)) is { } value)
                builder.Add(key, value);
        }
    }
}
