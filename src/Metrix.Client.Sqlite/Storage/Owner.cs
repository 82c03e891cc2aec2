namespace Metrix.Client.Sqlite.Storage;

/// <summary>One who has the file open, or had.</summary>
/// <param name="Id">A random number, so that no two files or processes share it.</param>
/// <param name="Heartbeat">Grows for as long as it lives.</param>
/// <param name="IsClosed">Whether it said that it is done.</param>
internal readonly record struct Owner(long Id, long Heartbeat, bool IsClosed);
