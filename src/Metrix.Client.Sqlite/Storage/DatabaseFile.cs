using System.Globalization;

namespace Metrix.Client.Sqlite.Storage;

/// <summary>
/// The file itself: made with rights for its owner alone, and set aside when it is damaged. No other file is touched.
/// </summary>
internal static class DatabaseFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Names = [".db", ".db3", ".sqlite", ".sqlite3"];

    // https://www.sqlite.org/fileformat.html#magic_header_string
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    // Beside the database itself: SQLite gives them the rights that the database has.
    private static readonly string[] Companions = ["-wal", "-shm"];

    /// <summary>Makes the folder and an empty file where they are not there.</summary>
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

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (new FileStream(path, options))
            {
                // SQLite takes an empty file for a new database.
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }

    /// <summary>
    /// Whether a file that is no database can have been one: by its start, which is SQLite's or empty as after a loss of power, or
    /// by its name.
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

    /// <summary>Gives a damaged file and what belongs to it another name, which is returned. Nothing is deleted.</summary>
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
