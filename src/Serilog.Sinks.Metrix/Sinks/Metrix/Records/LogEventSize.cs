using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Estimates the memory of a log event. The client keeps the log event for a failure listener and counts this size
/// against <c>OutboxSizeLimit</c>.
/// </summary>
internal static class LogEventSize
{
    // The log event object itself.
    private const int EventBytes = 512;

    // A property or member, with its entry in a dictionary or list.
    private const int MemberBytes = 128;

    public static int EstimateBytes(LogEvent logEvent)
    {
        long bytes = EventBytes;
        foreach (var (name, value) in logEvent.Properties)
            bytes += (2L * name.Length) + EstimateBytes(value);
        return (int)Math.Min(bytes, int.MaxValue / 2);
    }

    private static long EstimateBytes(LogEventPropertyValue value)
    {
        var bytes = (long)MemberBytes;
        switch (value)
        {
            case ScalarValue { Value: string text }:
                return bytes + (2L * text.Length);
            case ScalarValue { Value: Array array }:
                return bytes + (8L * array.Length);
            case SequenceValue sequence:
                foreach (var element in sequence.Elements)
                    bytes += EstimateBytes(element);
                return bytes;
            case StructureValue structure:
                foreach (var property in structure.Properties)
                    bytes += EstimateBytes(property.Value);
                return bytes;
            case DictionaryValue dictionary:
                foreach (var (key, element) in dictionary.Elements)
                    bytes += EstimateBytes(key) + EstimateBytes(element);
                return bytes;
            default:
                return bytes;
        }
    }
}
