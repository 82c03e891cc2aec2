namespace Metrix.Client.Sqlite;

/// <summary>
/// What is kept of an event that was not and will not be delivered.
/// </summary>
public sealed record MetrixDeadLetter
{
    /// <summary>Its number in the file, which grows with time.</summary>
    public required long Id { get; init; }

    /// <summary>The app's id, or null when the event belongs to none.</summary>
    public string? AppId { get; init; }

    /// <summary>The event's slug.</summary>
    public required string Slug { get; init; }

    /// <summary>When the event was taken in.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary><c>rejected</c>, <c>invalid</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why: the status of a rejection, or what an invalid event lacks. Empty for one that expired.</summary>
    public required string Reason { get; init; }

    /// <summary>The HTTP status, when it was rejected.</summary>
    public int? Status { get; init; }

    /// <summary>The start of the vendor's answer, at most 1 KiB, when it was rejected.</summary>
    public string? Answer { get; init; }

    /// <summary>The body as it was or would have been sent, JSON, or null when it could not be made.</summary>
    public string? Body { get; init; }

    /// <summary>Whether it can be sent again: it belongs to an app, has a body, and is not invalid.</summary>
    public bool CanBeResent => AppId is not null && Body is not null && State != "invalid";
}
