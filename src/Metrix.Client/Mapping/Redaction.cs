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
    private readonly bool _isEmpty = redact.Count == 0;

    public bool Drops(string name) => !_isEmpty && _dropped.Contains(name);

    public bool Hashes(string name) => !_isEmpty && _hashed.Contains(name);

    public static string Hash(string text, byte[] key) =>
        Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
}
