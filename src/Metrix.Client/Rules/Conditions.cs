using Metrix.Client.Mapping;

namespace Metrix.Client.Rules;

/// <summary>
/// Represents the conditions of an entry of the slug map. All of them must hold.
/// </summary>
internal sealed class Conditions
{
    private readonly (string Name, ValuePattern[] Accepted)[] _all;

    private Conditions((string Name, ValuePattern[] Accepted)[] all) => _all = all;

    /// <summary>Returns the conditions of an entry, or null if it has none.</summary>
    public static Conditions? Of(IDictionary<string, IReadOnlyList<string>> when) =>
        when.Count == 0
            ? null
            : new([.. when.Select(pair => (pair.Key, pair.Value.Select(ValuePattern.Parse).ToArray()))]);

    public bool AreMet<T>(in T record)
        where T : struct, IRecord
    {
        foreach (var (name, accepted) in _all)
        {
            var mapped = ValueRules.Map(record.Find(name));
            if (!Array.Exists(accepted, pattern => pattern.Accepts(mapped)))
                return false;
        }

        return true;
    }
}
