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

    /// <summary>The key, app id, allow list or endpoint is wrong, not the event.</summary>
    Misconfigured,
}

/// <summary>
/// Represents the result of one attempt to deliver an event.
/// </summary>
/// <param name="Kind">What the result means for the event.</param>
/// <param name="Reason">The status code, or what failed, out of a small fixed set, because it becomes a tag.</param>
/// <param name="RetryAfter">How long the server asks to wait, if it does.</param>
/// <param name="Answer">The start of the answer, if the event was rejected.</param>
internal readonly record struct SendOutcome(
    SendOutcomeKind Kind, string Reason, TimeSpan? RetryAfter = null, string? Answer = null)
{
    /// <summary>
    /// Gets whether the answer is probably not from Metrix but from another server, such as a captive portal. Until a
    /// delivery has succeeded, <see cref="Kind"/> then says nothing about the event.
    /// </summary>
    public bool IsDoubtful { get; init; }

    public static SendOutcome Delivered { get; } = new(SendOutcomeKind.Delivered, "delivered");
}
