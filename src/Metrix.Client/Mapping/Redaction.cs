using System.Security.Cryptography;
using System.Text;

namespace Metrix.Client.Mapping;

/// <summary>
/// Decides which properties are redacted before they are sent.
/// </summary>
internal sealed class Redaction(IDictionary<string, MetrixRedaction> redact)
{
    private readonly NameSet _dropped = NamesOf(redact, MetrixRedaction.Drop);
    private readonly NameSet _hashed = NamesOf(redact, MetrixRedaction.Hash);

    public bool IsEmpty { get; } = redact.Count == 0;

    /// <summary>Returns whether a value is dropped, by its own name or the name of an object around it.</summary>
    public bool Drops(string name) => !IsEmpty && Covers(_dropped, name);

    /// <summary>Returns whether a value is hashed, by its own name or the name of an object around it.</summary>
    public bool Hashes(string name) => !IsEmpty && Covers(_hashed, name);

    public static string Hash(string text, byte[] key) =>
        Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();

    private static NameSet NamesOf(IDictionary<string, MetrixRedaction> redact, MetrixRedaction redaction) =>
        new(redact.Where(pair => pair.Value == redaction).Select(pair => pair.Key));

    private static bool Covers(NameSet names, string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (names.Contains(end == name.Length ? name : name[..end]))
                return true;
        }

        return false;
    }
}
