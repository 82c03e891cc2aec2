namespace Metrix.Client.Sqlite;

/// <summary>
/// Represents an event that was not and will not be delivered.
/// </summary>
public sealed record MetrixDeadLetter
{
    /// <summary>Gets the number of the dead letter in the file, which grows with time.</summary>
    public required long Id { get; init; }

    /// <summary>Gets the app's id, or null if the event has no app.</summary>
    public string? AppId { get; init; }

    /// <summary>Gets the event's slug.</summary>
    public required string Slug { get; init; }

    /// <summary>Gets when the event was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Gets when the event became a dead letter.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>Gets how the event ended: <c>rejected</c>, <c>invalid</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary>
    /// Gets why: the status code of a rejection, or what an invalid event lacks. Empty if it expired.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>Gets the HTTP status code of a rejection.</summary>
    public int? Status { get; init; }

    /// <summary>Gets the start of the vendor's answer to a rejected event, at most 1 KiB.</summary>
    public string? Answer { get; init; }

    /// <summary>Gets the JSON body that was or would have been sent, or null if it could not be encoded.</summary>
    public string? Body { get; init; }

    /// <summary>Gets whether the event can be resent: it has an app and a body, and is not invalid.</summary>
    public bool CanBeResent => AppId is not null && Body is not null && State != "invalid";
}
