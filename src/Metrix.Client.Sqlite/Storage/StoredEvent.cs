namespace Metrix.Client.Sqlite.Storage;

/// <summary>A row of the events.</summary>
/// <param name="Row">Its id, which grows with time.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="AcceptedAt">When it was taken in, in Unix milliseconds.</param>
/// <param name="Body">What is sent.</param>
internal readonly record struct StoredEvent(long Row, string Slug, long AcceptedAt, byte[] Body);
