using System.Text;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class LimitTests
{
    [Fact]
    public void Attributes_above_fifty_are_omitted_and_counted()
    {
        var builder = TestData.Builder();
        for (var i = 0; i < 53; i++)
            builder.With($"a{i}", "text");

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"a{i}"), builder.Names());
        Assert.Equal(["a50", "a51", "a52"], builder.Omitted.Select(omitted => omitted.Name));
        Assert.All(builder.OmissionReasons(), reason => Assert.Equal(OmissionReason.TooMany, reason));
    }

    [Fact]
    public void Metrics_do_not_count_as_attributes()
    {
        var builder = TestData.Builder();
        for (var i = 0; i < 60; i++)
            builder.With($"m{i}", i);
        for (var i = 0; i < 50; i++)
            builder.With($"a{i}", "text");

        Assert.Equal(110, builder.Properties.Count);
        Assert.Empty(builder.Omitted);
    }

    [Fact]
    public void An_outer_metric_that_replaces_an_inner_attribute_frees_its_place()
    {
        var builder = TestData.Builder();
        builder.TryEnter(null);
        for (var i = 0; i < 50; i++)
            builder.With($"a{i}", "text");
        builder.Leave();
        builder.With(("a7", 7), ("last", "text"), ("one more", "text"));

        Assert.Equal(7, builder.Metric("a7"));
        Assert.Equal("text", builder.Attribute("last"));
        Assert.Equal([new OmittedValue(OmissionReason.TooMany, "one more")], builder.Omitted);
    }

    [Theory]
    [InlineData("a", 512)]
    [InlineData("é", 256)]
    [InlineData("ی", 256)]
    [InlineData("€", 170)]
    [InlineData("😀", 128)]
    public void A_value_that_is_too_long_is_truncated_at_a_whole_character(string character, int kept)
    {
        var built = TestData.Builder().With("Text", Repeat(character, 600));

        Assert.Equal(Repeat(character, kept), built.Attribute("Text"));
        Assert.Equal(new OmittedValue(OmissionReason.Truncated, "Text"), Assert.Single(built.Omitted));
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDBFF)]
    [InlineData(0xDC00)]
    public void A_lone_surrogate_counts_as_three_bytes(int surrogate)
    {
        var text = Repeat(((char)surrogate).ToString(), 600);
        var built = TestData.Builder().With((text[..170], text), (text[..171], "text"));

        Assert.Equal(text[..170], Assert.Single(built.Properties).Text);
        Assert.Equal([OmissionReason.Truncated, OmissionReason.NameTooLong], built.OmissionReasons());
    }

    [Theory]
    [InlineData("a", 512)]
    [InlineData("é", 256)]
    [InlineData("€", 170)]
    [InlineData("😀", 128)]
    public void A_value_of_maximum_length_is_not_truncated(string character, int count)
    {
        var built = TestData.Builder().With("Text", Repeat(character, count));

        Assert.Equal(Repeat(character, count), built.Attribute("Text"));
        Assert.Empty(built.Omitted);
    }

    [Theory]
    [InlineData(511, "é", 511)]
    [InlineData(510, "é", 512)]
    [InlineData(510, "€", 510)]
    [InlineData(509, "€", 512)]
    [InlineData(509, "😀", 509)]
    [InlineData(508, "😀", 512)]
    public void The_last_character_is_kept_only_if_all_its_bytes_fit(int before, string last, int bytes)
    {
        var built = TestData.Builder().With("Text", new string('a', before) + last + new string('b', 10));

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(built.Attribute("Text")!));
    }

    [Theory]
    [InlineData("a", 512)]
    [InlineData("é", 256)]
    [InlineData("€", 170)]
    [InlineData("😀", 128)]
    public void A_name_of_maximum_length_is_kept(string character, int count) =>
        Assert.Single(TestData.Builder().With(Repeat(character, count), "text").Properties);

    [Theory]
    [InlineData("a", 513)]
    [InlineData("é", 257)]
    [InlineData("€", 171)]
    [InlineData("😀", 129)]
    public void A_property_whose_name_is_too_long_is_omitted_and_counted(string character, int count)
    {
        var built = TestData.Builder().With((Repeat(character, count), "text"), (Repeat(character, count) + "n", 1));

        Assert.Empty(built.Properties);
        Assert.Equal([OmissionReason.NameTooLong, OmissionReason.NameTooLong], built.OmissionReasons());
        Assert.All(built.Omitted, omitted => Assert.True(omitted.Name.Length < 40));
    }

    [Fact]
    public void The_length_of_a_name_includes_the_names_of_the_enclosing_objects()
    {
        var built = TestData.Builder().With(
            new string('a', 300),
            new Dictionary<string, object?> { [new string('b', 211)] = 1, [new string('c', 212)] = 2 });

        Assert.Equal(1, Assert.Single(built.Properties).Number);
        Assert.Equal([OmissionReason.NameTooLong], built.OmissionReasons());
    }

    [Fact]
    public void A_sequence_is_truncated_like_text()
    {
        var built = TestData.Builder().With("Items", Enumerable.Repeat("ی", 300).ToArray());

        Assert.InRange(Encoding.UTF8.GetByteCount(built.Attribute("Items")!), 509, 512);
        Assert.Equal([OmissionReason.Truncated], built.OmissionReasons());
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
