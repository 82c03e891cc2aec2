using System.Numerics;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class JsonArrayTextTests
{
    [Fact]
    public void A_sequence_becomes_compact_JSON() =>
        Assert.Equal("[\"A-1\",\"B-2\"]", Of(new List<string> { "A-1", "B-2" }));

    [Fact]
    public void An_empty_sequence_becomes_an_empty_array() => Assert.Equal("[]", Of(Array.Empty<int>()));

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
    public void Nested_sequences_and_dictionaries_become_JSON() =>
        Assert.Equal(
            "[[1,2],{\"a\":1,\"b\":[\"x\"]},{\"c\":\"d\"}]",
            Of(new object[]
            {
                new[] { 1, 2 },
                new Dictionary<string, object?> { ["a"] = 1, ["b"] = new[] { "x" } },
                new Dictionary<string, string> { ["c"] = "d" },
            }));

    [Fact]
    public void An_unsupported_item_becomes_null_and_is_counted()
    {
        var built = TestData.Builder().With(
            "Items", new object[] { 1, double.NaN, new byte[] { 1 }, BigInteger.Pow(10, 400), 5 });

        Assert.Equal("[1,null,null,null,5]", built.Attribute("Items"));
        Assert.Equal([OmissionReason.Unsupported], built.OmissionReasons());
    }

    [Fact]
    public void Persian_text_and_quotes_are_not_written_as_Unicode_escapes() =>
        Assert.Equal("[\"نیم\u200Cبها\",\"a\\\"b\",\"<c>&'\"]", Of(new[] { "نیم\u200Cبها", "a\"b", "<c>&'" }));

    [Fact]
    public void A_sequence_after_a_throwing_one_is_complete()
    {
        var built = TestData.Builder().With(
            ("Broken", UnboundedValues.SequenceThrowingAfter(3)), ("Whole", new[] { 1, 2 }));

        Assert.Equal(["Whole"], built.Names());
        Assert.Equal("[1,2]", built.Attribute("Whole"));
        Assert.Equal([OmissionReason.Unsupported], built.OmissionReasons());
    }

    [Fact]
    public void A_string_is_text_and_not_a_sequence() =>
        Assert.Equal("abc", Of("abc"));

    private static string? Of(object sequence) => TestData.Builder().With("Items", sequence).Attribute("Items");
}
