using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class SlugSettingTests
{
    [Fact]
    public void A_slug_is_read_with_its_conditions()
    {
        var slugs = Read(
            ("Slugs:POST /checkout:Slug", "qzrtw"),
            ("Slugs:POST /checkout:When:http.response.status_code", "200..299"),
            ("Slugs:POST /checkout:When:currency:0", "IRR"),
            ("Slugs:POST /checkout:When:currency:1", "USD"),
            ("Slugs:Purchase", "taqsq"));

        Assert.Equal("taqsq", slugs["Purchase"].Slug);
        Assert.Empty(slugs["Purchase"].When);
        var checkout = slugs["post /checkout"];
        Assert.Equal("qzrtw", checkout.Slug);
        Assert.Equal(["200..299"], checkout.When["http.response.status_code"]);
        Assert.Equal(["IRR", "USD"], checkout.When["currency"]);
    }

    [Fact]
    public void An_event_name_may_contain_the_colon_of_a_route_constraint()
    {
        var slugs = Read(
            ("Slugs:GET /orders/{id:int}", "abcde"),
            ("Slugs:GET /orders/{id:int}/{line:min(1)}", "fghij"),
            ("Slugs:POST /orders/{id:int}:Slug", "klmno"),
            ("Slugs:POST /orders/{id:int}:When:x", "1"));

        Assert.Equal("abcde", slugs["GET /orders/{id:int}"].Slug);
        Assert.Equal("fghij", slugs["GET /orders/{id:int}/{line:min(1)}"].Slug);
        Assert.Equal("klmno", slugs["POST /orders/{id:int}"].Slug);
        Assert.Equal(["1"], slugs["POST /orders/{id:int}"].When["x"]);
    }

    [Theory]
    [InlineData("Slugs:Purchase:Wen:x", "Did you mean \"When\"?")]
    [InlineData("Slugs:Purchase:When:x", "\"Slugs:Purchase\" has no Slug")]
    public void An_invalid_entry_is_reported(string path, string expected) =>
        Assert.Contains(expected, Assert.Single(SettingsReader.Read(new MetrixOptions(), "Metrix", (path, "1"))));

    private static IDictionary<string, MetrixEventRule> Read(params (string Name, string? Value)[] pairs)
    {
        var options = new MetrixOptions();
        Assert.Empty(SettingsReader.Read(options, "Metrix", pairs));
        return options.Slugs;
    }
}
