namespace Metrix.Client;

/// <summary>
/// What becomes of an attribute or metric that must not leave the application as it is.
/// </summary>
public enum MetrixRedaction
{
    /// <summary>It is not sent, whatever <see cref="MetrixOptions.Include"/> says.</summary>
    Drop,

    /// <summary>
    /// An attribute of its HMAC-SHA-256 (RFC 2104) under the app's dev-key is sent in its place, as 64 hexadecimal digits:
    /// equal values stay equal, and who does not know the key cannot find them by trying.
    /// </summary>
    Hash,
}
