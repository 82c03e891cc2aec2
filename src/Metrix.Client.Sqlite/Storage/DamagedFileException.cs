namespace Metrix.Client.Sqlite.Storage;

/// <summary>Indicates that the pages of the file are inconsistent.</summary>
internal sealed class DamagedFileException() : Exception("The pages of the outbox file are inconsistent.");
