using System.Security.Cryptography;
using System.Text;

namespace Metrix.Client.Mapping;

/// <summary>
/// Which properties must not leave the application as they are.
/// </summary>
internal sealed class Redaction(IDictionary<string, MetrixRedaction> redact)
{
    private readonly NameSet _dropped = new(redact.Where(pair => pair.Value == MetrixRedaction.Drop).Select(pair => pair.Key));
    private readonly NameSet _hashed = new(redact.Where(pair => pair.Value == MetrixRedaction.Hash).Select(pair => pair.Key));

    public bool IsEmpty { get; } = redact.Count == 0;

    /// <summary>Whether a value is dropped: by its own name, or by that of an object that it lies in.</summary>
    public bool Drops(string name) => !IsEmpty && Covers(_dropped, name);

    /// <summary>Whether a value is hashed: by its own name, or by that of an object that it lies in.</summary>
    public bool Hashes(string name) => !IsEmpty && Covers(_hashed, name);

    private static bool Covers(NameSet names, string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (names.Contains(end == name.Length ? name : name[..end]))
                return true;
        }

        return false;
    }

    public static string Hash(string text, byte[] key) =>
        Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
}
