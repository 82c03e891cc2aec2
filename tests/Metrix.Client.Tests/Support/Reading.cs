using Metrix.Client.Configuration;

namespace Metrix.Client.Tests.Support;

/// <summary>Reads settings as they come from configuration.</summary>
internal static class Reading
{
    /// <summary>Reads pairs of a section into the options, and returns what is wrong with them.</summary>
    public static IReadOnlyList<string> Read(
        MetrixOptions options, string section, params (string Name, string? Value)[] pairs)
    {
        var problems = new List<string>();
        MetrixSettings.Read(
            options, pairs.Select(p => new KeyValuePair<string, string?>(p.Name, p.Value)), section, problems);
        return problems;
    }
}
