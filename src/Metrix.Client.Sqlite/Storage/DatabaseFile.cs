using System.Globalization;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// Creates the file for its owner only, and sets a damaged file aside. Other files are never modified.
/// </summary>
internal static class DatabaseFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Names = [".db", ".db3", ".sqlite", ".sqlite3"];

    // https://www.sqlite.org/fileformat.html#magic_header_string
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    // SQLite gives them the permissions of the database.
    private static readonly string[] Companions = ["-wal", "-shm"];

    /// <summary>Creates the folder and an empty file if they do not exist.</summary>
    public static void Create(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        if (File.Exists(path))
            return;

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (new FileStream(path, options))
            {
                // SQLite treats an empty file as a new database.
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }

    /// <summary>
    /// Returns whether a file that is not a database may have been one: it starts like one, is empty as after a power
    /// loss, or has the name of one.
    /// </summary>
    public static bool MayBeOurs(string path)
    {
        var start = new byte[Magic.Length];
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (Magic.StartsWith(start.AsSpan(0, length)) || !start.AsSpan().ContainsAnyExcept((byte)0))
                return true;
        }

        return Names.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Renames a damaged file and its companions, and returns the new name. Nothing is deleted.</summary>
    public static string SetAside(string path, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var aside = $"{path}.damaged-{stamp}";
        for (var number = 2; File.Exists(aside); number++)
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{stamp}-{number}");

        File.Move(path, aside);
        foreach (var companion in Companions.Where(companion => File.Exists(path + companion)))
            File.Move(path + companion, aside + companion);
        return aside;
    }
}
