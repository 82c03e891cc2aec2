namespace Metrix.Architecture.Tests;

/// <summary>
/// Finds the files of the checkout that people write.
/// </summary>
internal static class SourceFiles
{
    public static IEnumerable<string> In(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
