namespace Metrix.Client.Sqlite.Storage;

/// <summary>Represents a client that has, or had, the file open.</summary>
/// <param name="Id">A random number, so that files and processes do not share it.</param>
/// <param name="Heartbeat">A number that grows while the owner lives.</param>
/// <param name="IsClosed">Whether the owner closed cleanly.</param>
internal readonly record struct Owner(long Id, long Heartbeat, bool IsClosed);
