namespace Metrix.Client.Sqlite;

/// <summary>
/// Represents the status of an outbox file.
/// </summary>
public sealed record MetrixOutboxStatus
{
    /// <summary>Gets the number of bytes of the file that are in use.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>Gets the number of clients that have the file open or did not close cleanly.</summary>
    public required int Owners { get; init; }

    /// <summary>Gets the waiting events by app.</summary>
    public required IReadOnlyList<MetrixAppBacklog> Pending { get; init; }

    /// <summary>
    /// Gets the number of dead letters by how the events ended: <c>rejected</c>, <c>invalid</c> or <c>expired</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, long> DeadLetters { get; init; }
}

/// <summary>
/// Represents the waiting events of one app.
/// </summary>
/// <param name="AppId">The app's id.</param>
/// <param name="Count">The number of waiting events.</param>
/// <param name="OldestAcceptedAt">When the oldest of them was accepted.</param>
public sealed record MetrixAppBacklog(string AppId, long Count, DateTimeOffset OldestAcceptedAt);
