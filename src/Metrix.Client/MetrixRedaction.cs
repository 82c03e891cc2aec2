namespace Metrix.Client;

/// <summary>
/// Specifies how an attribute or metric is redacted before it is sent.
/// </summary>
public enum MetrixRedaction
{
    /// <summary>The value is not sent, even if <see cref="MetrixOptions.Include"/> names it.</summary>
    Drop,

    /// <summary>
    /// The value is replaced by an attribute with its HMAC-SHA-256 (RFC 2104) under the app's dev key, 64 hexadecimal
    /// digits. Equal values stay equal. Without the key, values cannot be found by trying.
    /// </summary>
    Hash,
}
