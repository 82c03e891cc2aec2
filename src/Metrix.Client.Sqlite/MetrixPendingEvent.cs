namespace Metrix.Client.Sqlite;

/// <summary>
/// Represents an event that waits in an outbox file.
/// </summary>
public sealed record MetrixPendingEvent
{
    /// <summary>Gets the number of the event in the file, which grows with time.</summary>
    public required long Id { get; init; }

    /// <summary>Gets the app's id.</summary>
    public required string AppId { get; init; }

    /// <summary>Gets the event's slug.</summary>
    public required string Slug { get; init; }

    /// <summary>Gets when the event was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Gets the JSON body that is sent.</summary>
    public required string Body { get; init; }
}
