using Metrix.Client.Mapping;
using Serilog.Events;

namespace Serilog.Sinks.Metrix.Records;

/// <summary>
/// What structures and dictionaries have in common: members with names.
/// </summary>
internal static class LogEventValues
{
    public static IEnumerable<(string Name, LogEventPropertyValue Value)> Members(LogEventPropertyValue value) => value switch
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
