namespace Metrix.Client.Sqlite;

/// <summary>
/// An event that waits in an outbox file.
/// </summary>
public sealed record MetrixPendingEvent
{
    /// <summary>Its number in the file, which grows with time.</summary>
    public required long Id { get; init; }

    /// <summary>The app's id.</summary>
    public required string AppId { get; init; }

    /// <summary>The event's slug.</summary>
    public required string Slug { get; init; }

    /// <summary>When the event was taken in.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The body that is sent, JSON.</summary>
    public required string Body { get; init; }
}
