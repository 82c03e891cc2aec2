using System.Numerics;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class SequenceTests
{
    [Fact]
    public void A_sequence_is_compact_JSON() =>
        Assert.Equal("[\"A-1\",\"B-2\"]", Of(new List<string> { "A-1", "B-2" }));

    [Fact]
    public void An_empty_sequence_is_an_empty_array() => Assert.Equal("[]", Of(Array.Empty<int>()));

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void Items_keep_their_types_in_every_culture(string culture)
    {
        using var current = Cultures.Use(culture);

        Assert.Equal(
            "[-1,1.10,2.5,true,null,\"Friday\",\"2019-10-05\",9007199254740993,\"ی\"]",
            Of(new object?[]
            {
                -1, 1.10m, 2.5, true, null, DayOfWeek.Friday, new DateOnly(2019, 10, 5), 9007199254740993L, 'ی',
            }));
    }

    [Fact]
    public void Sequences_and_dictionaries_within_are_JSON_too() =>
        Assert.Equal(
            "[[1,2],{\"a\":1,\"b\":[\"x\"]},{\"c\":\"d\"}]",
            Of(new object[]
            {
                new[] { 1, 2 },
                new Dictionary<string, object?> { ["a"] = 1, ["b"] = new[] { "x" } },
                new Dictionary<string, string> { ["c"] = "d" },
            }));

    [Fact]
    public void An_item_without_a_form_is_null_in_its_place_and_counted()
    {
        var built = TestData.Builder().With("Items", new object[] { 1, double.NaN, new byte[] { 1 }, BigInteger.Pow(10, 400), 5 });

        Assert.Equal("[1,null,null,null,5]", built.Attribute("Items"));
        Assert.Equal([OmissionReason.Unsupported], built.Reasons());
    }

    [Fact]
    public void Quotes_and_Persian_are_not_written_as_escapes_of_code_points() =>
        Assert.Equal("[\"نیم\u200Cبها\",\"a\\\"b\",\"<c>&'\"]", Of(new[] { "نیم\u200Cبها", "a\"b", "<c>&'" }));

    [Fact]
    public void A_sequence_after_one_that_broke_is_whole()
    {
        var built = TestData.Builder().With(("Broken", Endless.BreakingAfter(3)), ("Whole", new[] { 1, 2 }));

        Assert.Equal(["Whole"], built.Names());
        Assert.Equal("[1,2]", built.Attribute("Whole"));
        Assert.Equal([OmissionReason.Unsupported], built.Reasons());
    }

    [Fact]
    public void A_sequence_of_characters_that_is_a_string_is_text() =>
        Assert.Equal("abc", Of("abc"));

    private static string? Of(object sequence) => TestData.Builder().With("Items", sequence).Attribute("Items");
}
