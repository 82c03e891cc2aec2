using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// What is wrong with the disk or the file, and what to do, for somebody who was woken at night.
/// </summary>
internal static class StorageErrorText
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static string Of(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: Full } => "the disk is full: free some space",
        SqliteException { SqliteErrorCode: ReadOnly } => "the file or its folder is read-only: give this process the right to write to both",
        SqliteException { SqliteErrorCode: CannotOpen } =>
            "the file cannot be opened: is its folder there, and may this process write to it?",
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            "another program holds the file locked: is a backup or a shell open on it?",
        SqliteException { SqliteErrorCode: IoError } => "the disk does not read or write: is it still mounted?",
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } or DamagedFileException => "the file is damaged",
        SqliteException sqlite => $"SQLite says {sqlite.SqliteErrorCode}",
        UnauthorizedAccessException => "this process has no right to the file or its folder",
        DirectoryNotFoundException => "its folder is not there and cannot be made",
        IOException io => $"the disk says: {io.Message}",
        ForeignFileException foreign => foreign.Message,
        _ => exception.GetType().Name,
    };

    public static bool IsDamage(Exception exception) =>
        exception is DamagedFileException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };
}
