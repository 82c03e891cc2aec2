namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// Indicates that the file must not be used or modified: it belongs to another application or a newer version.
/// </summary>
internal sealed class ForeignFileException(string message) : Exception(message);
