namespace Metrix.Client.Sqlite.Storage;

/// <summary>Represents a row of the table of events.</summary>
/// <param name="Row">The row's id, which grows with time.</param>
/// <param name="Slug">The event's slug.</param>
/// <param name="AcceptedAt">When the event was accepted, in Unix milliseconds.</param>
/// <param name="Body">The body that is sent.</param>
internal readonly record struct StoredEvent(long Row, string Slug, long AcceptedAt, byte[] Body);
