using Microsoft.Data.Sqlite;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// Explains what is wrong with the disk or the file, and what to do, for the on-call engineer.
/// </summary>
internal static class StorageErrorText
{
    /// <summary>The text for an error that is neither the disk's nor the file's.</summary>
    public const string Unexpected = "an unexpected error";

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
        SqliteException { SqliteErrorCode: ReadOnly } =>
            "the file or its folder is read-only: give this process write permission for both",
        SqliteException { SqliteErrorCode: CannotOpen } =>
            "the file cannot be opened: does its folder exist, and may this process write to it?",
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            "another program has locked the file: does a backup or a shell use it?",
        SqliteException { SqliteErrorCode: IoError } => "the disk cannot be read or written: is it still mounted?",
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } or DamagedFileException => "the file is damaged",
        SqliteException sqlite => $"SQLite reports error {sqlite.SqliteErrorCode}",
        UnauthorizedAccessException => "this process has no permission for the file or its folder",
        DirectoryNotFoundException => "its folder does not exist and cannot be created",
        IOException io => $"the disk reports: {io.Message}",
        ForeignFileException foreign => foreign.Message,
        _ => exception.GetType().Name,
    };

    public static bool IsDamage(Exception exception) =>
        exception is DamagedFileException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };
}
