using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// About how many bytes a log event takes that is kept for a failure listener, so that the limit on what waits counts it.
/// </summary>
internal static class LogEventWeight
{
    // Of the event itself, and of a property or member with its place in a dictionary or list.
    private const int Base = 512;
    private const int Member = 128;

    public static int Of(LogEvent logEvent)
    {
        long weight = Base;
        foreach (var (name, value) in logEvent.Properties)
            weight += (2L * name.Length) + Of(value);
        return (int)Math.Min(weight, int.MaxValue / 2);
    }

    private static long Of(LogEventPropertyValue value)
    {
        var weight = (long)Member;
        switch (value)
        {
            case ScalarValue { Value: string text }:
                return weight + (2L * text.Length);
            case ScalarValue { Value: Array array }:
                return weight + (8L * array.Length);
            case SequenceValue sequence:
                foreach (var element in sequence.Elements)
                    weight += Of(element);
                return weight;
            case StructureValue structure:
                foreach (var property in structure.Properties)
                    weight += Of(property.Value);
                return weight;
            case DictionaryValue dictionary:
                foreach (var (key, element) in dictionary.Elements)
                    weight += Of(key) + Of(element);
                return weight;
            default:
                return weight;
        }
    }
}
