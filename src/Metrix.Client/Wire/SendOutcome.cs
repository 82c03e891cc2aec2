namespace Metrix.Client.Wire;

/// <summary>What one attempt to deliver an event came to.</summary>
internal enum SendOutcomeKind
{
    /// <summary>The vendor took it.</summary>
    Delivered,

    /// <summary>The vendor will never take this event.</summary>
    Rejected,

    /// <summary>For now not: the server said so, or broke off, and may have taken it.</summary>
    Unavailable,

    /// <summary>Nothing could be sent: the server cannot be reached.</summary>
    Unreachable,

    /// <summary>The keys, the app id, the allow list or the endpoint are wrong, not the event.</summary>
    Misconfigured,
}

/// <summary>
/// What one attempt to deliver an event came to.
/// </summary>
/// <param name="Kind">What becomes of the event.</param>
/// <param name="Reason">The status, or what broke: from a small and fixed set, it becomes a tag.</param>
/// <param name="RetryAfter">How long the server asks to be left alone, when it does.</param>
/// <param name="Answer">The start of the answer, of an event that is rejected.</param>
internal readonly record struct SendOutcome(SendOutcomeKind Kind, string Reason, TimeSpan? RetryAfter = null, string? Answer = null)
{
    public static SendOutcome Delivered { get; } = new(SendOutcomeKind.Delivered, "delivered");
}
