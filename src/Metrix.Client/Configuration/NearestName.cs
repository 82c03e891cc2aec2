namespace Metrix.Client.Configuration;

/// <summary>
/// Suggests a known name for one that does not exist.
/// </summary>
internal static class NearestName
{
    /// <summary>
    /// Returns the known name with the smallest Levenshtein distance, or null if none is near.
    /// </summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = (Math.Max(written.Length, 3) / 3) + 1;
        foreach (var name in known)
        {
            var distance = Distance(written.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < fewest)
            {
                fewest = distance;
                nearest = name;
            }
        }

        return nearest;
    }

    /// <summary>Returns the sentence that follows "unknown name".</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known) =>
        Of(written, known) is { } nearest
            ? $"Did you mean \"{nearest}\"?"
            : $"Known names: {string.Join(", ", known)}.";

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
