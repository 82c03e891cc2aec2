using Metrix.Client.Configuration;

namespace Metrix.Client.Tests.Support;

/// <summary>Reads settings in the form in which configuration provides them.</summary>
internal static class SettingsReader
{
    /// <summary>Reads the pairs of a section into the options and returns the problems.</summary>
    public static IReadOnlyList<string> Read(
        MetrixOptions options, string section, params (string Name, string? Value)[] pairs)
    {
        var problems = new List<string>();
        MetrixSettings.Read(
            options, pairs.Select(p => new KeyValuePair<string, string?>(p.Name, p.Value)), section, problems);
        return problems;
    }
}
