using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// Enumerates the named members of structures and dictionaries in the same way.
/// </summary>
internal static class LogEventValues
{
    public static IEnumerable<(string Name, LogEventPropertyValue Value)> Members(LogEventPropertyValue value) =>
        value switch
        {
            StructureValue structure => structure.Properties.Select(member => (member.Name, member.Value)),
            DictionaryValue dictionary => Entries(dictionary),
            _ => [],
        };

    private static IEnumerable<(string Name, LogEventPropertyValue Value)> Entries(DictionaryValue dictionary)
    {
        foreach (var (key, value) in dictionary.Elements)
        {
            if (ValueRules.Map(key.Value, asAttribute: true) is { Kind: MappedKind.Attribute, Text: { } name })
                yield return (name, value);
        }
    }
}
