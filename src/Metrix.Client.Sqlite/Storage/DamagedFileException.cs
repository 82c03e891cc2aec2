namespace Metrix.Client.Sqlite.Storage;

/// <summary>The pages of the file do not hold together.</summary>
internal sealed class DamagedFileException() : Exception("The pages of the outbox file do not hold together.");
