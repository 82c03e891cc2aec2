using Metrix.Client.Rules;

namespace Metrix.Client.Tests.Rules;

public class SlugMapTests
{
    private readonly SlugMap _map = new(new Dictionary<string, MetrixEventRule> { ["Purchase"] = "taqsq" });

    [Theory]
    [InlineData("Purchase")]
    [InlineData("purchase")]
    [InlineData("PURCHASE")]
    public void Resolve_returns_the_slug_of_a_mapped_name_regardless_of_case(string name) =>
        Assert.Equal("taqsq", _map.Resolve(name));

    [Fact]
    public void Resolve_returns_an_unmapped_name_unchanged() => Assert.Equal("qzrtw", _map.Resolve("qzrtw"));

    [Fact]
    public void TryGet_finds_mapped_names_only()
    {
        Assert.True(_map.TryGet("purchase", out var slug));
        Assert.Equal("taqsq", slug);
        Assert.False(_map.TryGet("taqsq", out _));
    }
}
