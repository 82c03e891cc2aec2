namespace Metrix.Emulator.Http;

/// <summary>Files that are part of the assembly, by their path in the project.</summary>
internal static class EmbeddedFile
{
    public static byte[] Read(string path)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(path) ??
            throw new FileNotFoundException("The assembly was built without one of its files.", path);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The names of those in a folder, without the folder.</summary>
    public static IEnumerable<string> Names(string folder) =>
        from path in typeof(EmbeddedFile).Assembly.GetManifestResourceNames()
        where path.StartsWith(folder, StringComparison.Ordinal)
        select path[folder.Length..];
}
