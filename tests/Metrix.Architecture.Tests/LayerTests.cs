using Metrix.Tests.Support;

namespace Metrix.Architecture.Tests;

/// <summary>
/// Asserts that the folders of each assembly use each other in one direction only, on the compiled assemblies.
/// </summary>
public class LayerTests
{
    public static TheoryData<string> Assemblies { get; } =
        [.. Layers.Allowed.Select(row => row.Assembly).Distinct()];

    [Fact]
    public void Every_shipped_assembly_is_in_the_table()
    {
        var shipped = Directory.GetDirectories(Path.Combine(Checkout.Root, "src"))
            .Select(folder => Path.GetFileName(folder) is "Metrix.Tool" ? "metrix" : Path.GetFileName(folder));
        Assert.Equal(
            shipped.ToHashSet(StringComparer.Ordinal), Layers.Allowed.Select(row => row.Assembly).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Each_layer_uses_exactly_the_layers_in_the_table(string assembly)
    {
        using var graph = new AssemblyGraph(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        var allowed = Layers.Allowed.Where(row => row.Assembly == assembly)
            .ToDictionary(row => row.Layer, row => row.Uses);
        var edges = graph.References()
            .Select(reference => (From: Layers.Of(reference.From), To: Layers.Of(reference.To), reference))
            .Where(edge => edge.From != edge.To)
            .ToLookup(edge => (edge.From, edge.To));

        var forbidden = edges.Where(edge => !allowed.GetValueOrDefault(edge.Key.From, []).Contains(edge.Key.To))
            .Select(edge => $"{edge.Key.From} -> {edge.Key.To}: " + string.Join(
                ", ", edge.Select(e => $"{e.reference.Member} -> {e.reference.To.Name}").Distinct().Take(5)));
        AssertNone(forbidden);

        var unused = allowed.SelectMany(row => row.Value.Select(to => (row.Key, to)))
            .Where(edge => !edges.Contains(edge)).Select(edge => $"{edge.Key} -> {edge.to}");
        AssertNone(unused);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_table_has_no_circle(string assembly)
    {
        var left = Layers.Allowed.Where(row => row.Assembly == assembly)
            .ToDictionary(row => row.Layer, row => row.Uses);
        while (left.Count > 0)
        {
            var free = left.Where(row => !row.Value.Any(left.ContainsKey)).Select(row => row.Key).ToList();
            Assert.True(free.Count > 0, $"These layers use each other in a circle: {string.Join(", ", left.Keys)}");
            free.ForEach(layer => left.Remove(layer));
        }
    }

    [Fact]
    public void The_table_in_the_documentation_is_the_same()
    {
        var documented = File.ReadLines(Path.Combine(Checkout.Root, "docs", "architecture.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && cells[1].StartsWith('`') && cells[2].StartsWith('`'))
            .Select(cells => $"{cells[1]} {cells[2]}: {cells[3]}");

        Assert.Equal(
            Layers.Allowed.Select(row => $"`{row.Assembly}` `{row.Layer}`: " + (row.Uses.Length == 0
                ? "nothing"
                : string.Join(", ", row.Uses.Select(layer => $"`{layer}`")))),
            documented);
    }

    private static void AssertNone(IEnumerable<string> edges)
    {
        var text = string.Join(Environment.NewLine, edges);
        Assert.True(text.Length == 0, text);
    }
}
