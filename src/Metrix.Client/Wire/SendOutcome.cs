namespace Metrix.Client.Wire;

/// <summary>Specifies the result of one attempt to deliver an event.</summary>
internal enum SendOutcomeKind
{
    /// <summary>The vendor accepted the event.</summary>
    Delivered,

    /// <summary>The vendor will never accept this event.</summary>
    Rejected,

    /// <summary>The server refused for now or broke off, and may have accepted the event.</summary>
    Unavailable,

    /// <summary>Nothing was sent, because the server cannot be reached.</summary>
    Unreachable,

    /// <summary>The key, app id, allow list, endpoint or proxy is wrong, or something blocks this one event.</summary>
    Misconfigured,

    /// <summary>
    /// The server ended the connection in an orderly way before it answered, and the request can be sent again at once.
    /// </summary>
    Interrupted,
}

/// <summary>
/// Represents the result of one attempt to deliver an event.
/// </summary>
/// <param name="Kind">What the result means for the event.</param>
/// <param name="Reason">The status code, or what failed, out of a small fixed set, because it becomes a tag.</param>
/// <param name="RetryAfter">How long the server asks to wait, if it does.</param>
/// <param name="Answer">The start of the answer, if the server refused the event and does not ask to retry.</param>
internal readonly record struct SendOutcome(
    SendOutcomeKind Kind, string Reason, TimeSpan? RetryAfter = null, string? Answer = null)
{
    /// <summary>
    /// Gets the proxy between this machine and the server, as <c>scheme://host:port</c> without credentials, or null.
    /// For messages only: it is not one of a small set, so it must not become a tag.
    /// </summary>
    public string? Proxy { get; init; }

    /// <summary>Gets the status with which the proxy refused a connection to the server, or null.</summary>
    public int? ProxyStatus { get; init; }

    public static SendOutcome Delivered { get; } = new(SendOutcomeKind.Delivered, "delivered");

    /// <summary>Gets the outcome of a request that failed in this library.</summary>
    public static SendOutcome Faulted { get; } = new(SendOutcomeKind.Unavailable, "fault");
}
