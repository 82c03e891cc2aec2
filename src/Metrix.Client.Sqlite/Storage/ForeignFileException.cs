namespace Metrix.Client.Sqlite.Storage;

/// <summary>The file cannot be used, and is not to be touched: it is of a newer version, or somebody else's.</summary>
internal sealed class ForeignFileException(string message) : Exception(message);
