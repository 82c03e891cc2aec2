using System.Text.RegularExpressions;
using Metrix.Tests.Support;

namespace Metrix.Architecture.Tests;

/// <summary>
/// Asserts what the compiled assemblies do not show: namespaces follow folders, no class has two files, and lines are
/// short.
/// </summary>
public partial class SourceTests
{
    [Fact]
    public void Every_namespace_is_its_folder()
    {
        var wrong =
            from project in Directory.GetDirectories(Path.Combine(Checkout.Root, "src"))
            from file in SourceFiles.In(project, ".cs")
            let folder = Path.GetRelativePath(project, Path.GetDirectoryName(file)!).Replace('/', '.')
            where folder != "."
            let root = Path.GetFileName(project) == "Serilog.Sinks.Metrix" ? "Serilog" : Path.GetFileName(project)
            where !File.ReadAllText(file).Contains($"namespace {root}.{folder};", StringComparison.Ordinal)
            select Path.GetRelativePath(Checkout.Root, file);

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_class_is_in_two_files()
    {
        var partial =
            from file in SourceFiles.In(Path.Combine(Checkout.Root, "src"), ".cs")
            from Match match in PartialType().Matches(File.ReadAllText(file))
            group file by match.Groups["name"].Value into type
            where type.Count() > 1
            select $"{type.Key}: {string.Join(", ", type)}";

        Assert.Empty(partial);
    }

    // The analyzer of the build does not see lines that are only a comment or a string.
    [Fact]
    public void No_line_is_longer_than_120_characters()
    {
        var tooLong =
            from folder in new[] { "src", "tests", "bench", "samples" }
            from file in SourceFiles.In(Path.Combine(Checkout.Root, folder), ".cs")
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > 120
            select $"{Path.GetRelativePath(Checkout.Root, file)}:{line.Number}";

        Assert.Empty(tooLong);
    }

    [GeneratedRegex(@"\bpartial\s+(class|struct|record|interface)\s+(?<name>\w+)")]
    private static partial Regex PartialType();
}
