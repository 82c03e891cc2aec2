using Metrix.Client.Rules;

namespace Metrix.Client.Tests.Rules;

public class ConditionTests
{
    [Theory]
    [InlineData("200..299", 200)]
    [InlineData("200..299", 299L)]
    [InlineData("200..299", "204")]
    [InlineData("100..", 1e9)]
    [InlineData("..50", -3)]
    [InlineData("0.5..1", 0.75f)]
    [InlineData("200", 200.0)]
    [InlineData("200", "200.0")]
    [InlineData("IRR", "irr")]
    [InlineData("true", true)]
    [InlineData("a..b", "a..b")]
    [InlineData("Friday", DayOfWeek.Friday)]
    public void A_condition_holds_for_a_matching_value(string condition, object value) =>
        Assert.True(Holds(condition, value));

    [Theory]
    [InlineData("200..299", 300)]
    [InlineData("200..299", 199.99)]
    [InlineData("200..299", "two hundred")]
    [InlineData("200..299", null)]
    [InlineData("200..299", double.NaN)]
    [InlineData("200", 201)]
    [InlineData("IRR", "USD")]
    [InlineData("IRR", null)]
    [InlineData("true", false)]
    [InlineData("IRR", new byte[] { 1 })]
    public void A_condition_does_not_hold_for_another_value(string condition, object? value) =>
        Assert.False(Holds(condition, value));

    [Fact]
    public void A_decimal_is_compared_as_a_number() => Assert.True(Holds("130.5", 130.50m));

    [Fact]
    public void A_condition_holds_if_one_of_its_values_matches()
    {
        Assert.True(Holds(["IRR", "USD"], "USD"));
        Assert.True(Holds(["0", "200..299"], 204));
        Assert.False(Holds(["IRR", "USD"], "EUR"));
    }

    [Fact]
    public void A_rule_matches_only_if_all_its_conditions_hold()
    {
        var map = Map(new MetrixEventRule("taqsq") { When = { ["a"] = ["1"], ["b"] = ["2"] } });

        Assert.True(map.TryMatchName("Purchase", new Record(("a", 1), ("b", 2)), out var match));
        Assert.Equal(new EventMatch("taqsq", "Purchase"), match);
        Assert.False(map.TryMatchName("Purchase", new Record(("a", 1), ("b", 3)), out _));
        Assert.False(map.TryMatchName("Purchase", new Record(("a", 1)), out _));
    }

    [Fact]
    public void A_name_whose_conditions_do_not_hold_is_not_used_as_a_slug()
    {
        var map = Map(new MetrixEventRule("taqsq") { When = { ["a"] = ["1"] } });

        Assert.False(map.TryMatchNameOrSlug("purchase", new Record(("a", 2)), out _));
        Assert.True(map.TryMatchNameOrSlug("qzrtw", new Record(), out var match));
        Assert.Equal("qzrtw", match.Slug);
    }

    [Theory]
    [InlineData("200..2x9")]
    [InlineData("x..299")]
    [InlineData("299..200")]
    [InlineData("1..2..3")]
    public void Parse_rejects_an_invalid_range(string text) =>
        Assert.Contains(text, Assert.Throws<FormatException>(() => ValuePattern.Parse(text)).Message);

    private static bool Holds(string condition, object? value) => Holds([condition], value);

    private static bool Holds(string[] accepted, object? value) =>
        Map(new MetrixEventRule("taqsq") { When = { ["x"] = accepted } })
            .TryMatchName("Purchase", new Record(("x", value)), out _);

    private static SlugMap Map(MetrixEventRule rule) =>
        new(new Dictionary<string, MetrixEventRule> { ["Purchase"] = rule });

    private readonly struct Record(params (string Name, object? Value)[] values) : IRecord
    {
        private readonly (string Name, object? Value)[] _values = values;

        public object? Find(string name) => _values.FirstOrDefault(value => value.Name == name).Value;
    }
}
