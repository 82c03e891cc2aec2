namespace Metrix.Tests.Support;

/// <summary>Reads files of the checkout that the tests run in.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Readme { get; } = Read("README.md");

    public static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([Root, .. path])).ReplaceLineEndings("\n");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Metrix.Sinks.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the checkout.");
        return folder.FullName;
    }
}
