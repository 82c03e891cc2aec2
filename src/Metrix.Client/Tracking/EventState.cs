namespace Metrix.Client.Tracking;

/// <summary>
/// Where an event ends. Until then it is pending, and it ends once.
/// </summary>
internal enum EventState
{
    /// <summary>It failed validation, and was never queued.</summary>
    Invalid,

    /// <summary>It was refused at the door: full, or disposed.</summary>
    Dropped,

    /// <summary>The vendor took it.</summary>
    Delivered,

    /// <summary>The vendor refused it for good.</summary>
    Rejected,

    /// <summary>It was tried again for as long as the settings allow.</summary>
    Expired,

    /// <summary>It still waited in memory when the time limit of closing was reached.</summary>
    Abandoned,

    /// <summary>It still waited in a durable outbox when this client closed, or another took it over: it goes on there.</summary>
    Kept,
}
