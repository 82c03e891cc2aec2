using Metrix.Client.Rules;

namespace Metrix.Client.Tests.Rules;

public class SlugMapTests
{
    private readonly SlugMap _map = new(new Dictionary<string, MetrixEventRule> { ["Purchase"] = "taqsq" });

    [Theory]
    [InlineData("Purchase")]
    [InlineData("purchase")]
    [InlineData("PURCHASE")]
    public void A_name_of_the_map_is_its_slug_whatever_its_case(string name) => Assert.Equal("taqsq", _map.Resolve(name));

    [Fact]
    public void Another_name_is_a_slug_itself() => Assert.Equal("qzrtw", _map.Resolve("qzrtw"));

    [Fact]
    public void The_map_tells_which_names_it_has()
    {
        Assert.True(_map.TryGet("purchase", out var slug));
        Assert.Equal("taqsq", slug);
        Assert.False(_map.TryGet("taqsq", out _));
    }
}
