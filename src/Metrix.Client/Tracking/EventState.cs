namespace Metrix.Client.Tracking;

/// <summary>
/// Specifies how an event ended. Until then it is pending, and it ends once.
/// </summary>
internal enum EventState
{
    /// <summary>The event failed validation and was never queued.</summary>
    Invalid,

    /// <summary>The event was refused: the queue or outbox was full, or the client was closed.</summary>
    Dropped,

    /// <summary>Metrix accepted the event.</summary>
    Delivered,

    /// <summary>Metrix rejected the event permanently.</summary>
    Rejected,

    /// <summary>The event could not be delivered within the retry time limit.</summary>
    Expired,

    /// <summary>
    /// The event still waited in memory when the time limit of closing was reached, or was lost with the outbox file.
    /// </summary>
    Abandoned,

    /// <summary>
    /// The event is in a durable outbox and another client will deliver it: this one closed, or lost its ownership.
    /// </summary>
    Kept,
}
