namespace Metrix.Client.Sqlite;

/// <summary>
/// How it stands with an outbox file.
/// </summary>
public sealed record MetrixOutboxStatus
{
    /// <summary>How many bytes of the file are in use.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>How many processes and clients have the file open, those that died without a word included.</summary>
    public required int Owners { get; init; }

    /// <summary>What waits, by app.</summary>
    public required IReadOnlyList<MetrixAppBacklog> Pending { get; init; }

    /// <summary>How many dead letters there are, by how the events ended: <c>rejected</c>, <c>invalid</c>, <c>expired</c>.</summary>
    public required IReadOnlyDictionary<string, long> DeadLetters { get; init; }
}

/// <summary>
/// What waits of one app.
/// </summary>
/// <param name="AppId">The app's id.</param>
/// <param name="Count">How many events wait.</param>
/// <param name="OldestAcceptedAt">When the oldest of them was taken in.</param>
public sealed record MetrixAppBacklog(string AppId, long Count, DateTimeOffset OldestAcceptedAt);
