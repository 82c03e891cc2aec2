namespace Metrix.Emulator.Http;

/// <summary>Reads the files that are embedded in the assembly, by their path in the project.</summary>
internal static class EmbeddedFile
{
    public static byte[] Read(string path)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(path) ??
            throw new FileNotFoundException("The assembly does not contain the embedded file.", path);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Returns the names of the files in a folder, without the folder.</summary>
    public static IEnumerable<string> ListNames(string folder) =>
        from path in typeof(EmbeddedFile).Assembly.GetManifestResourceNames()
        where path.StartsWith(folder, StringComparison.Ordinal)
        select path[folder.Length..];
}
