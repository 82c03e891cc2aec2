using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class EndlessTests
{
    [Fact]
    public void A_sequence_without_end_is_read_as_far_as_it_is_sent()
    {
        var built = TestData.Builder().With("Items", Endless.Of("item"));

        Assert.Equal(512, built.Attribute("Items")!.Length);
        Assert.Equal([OmissionReason.Truncated], built.Reasons());
    }

    [Fact]
    public void A_sequence_without_end_of_nothing_ends_too() =>
        Assert.StartsWith("[null,null,", TestData.Builder().With("Items", Endless.Of(null)).Attribute("Items"));

    [Fact]
    public void A_sequence_without_end_of_sequences_without_end_ends_too() =>
        Assert.StartsWith("[[\"item\",", TestData.Builder().With("Items", Endless.Of(Endless.Of("item"))).Attribute("Items"));

    [Fact]
    public void A_sequence_without_end_of_empty_sequences_ends_too() =>
        Assert.StartsWith("[[],[],", TestData.Builder().With("Items", Endless.Of(Array.Empty<int>())).Attribute("Items"));

    [Fact]
    public void A_sequence_of_a_dictionary_without_end_ends_too() =>
        Assert.StartsWith(
            "[{\"m0\":1,\"m1\":1,", TestData.Builder().With("Items", new[] { Endless.Members(1) }).Attribute("Items"));

    [Fact]
    public void A_dictionary_without_end_gives_what_an_event_takes()
    {
        var built = TestData.Builder().With("Members", Endless.Members("text"));

        Assert.Equal(EventBuilder.MaxAttributes, built.Properties.Count);
        Assert.Equal("text", built.Attribute("Members.m0"));
        Assert.Contains(OmissionReason.TooMany, built.Reasons());
    }

    [Fact]
    public void A_dictionary_without_end_of_numbers_ends_too() =>
        Assert.Equal(1, TestData.Builder().With("Members", Endless.Members(1)).Metric("Members.m0"));

    [Fact]
    public void A_dictionary_without_end_of_dictionaries_without_end_ends_too() =>
        Assert.Equal(1, TestData.Builder().With("Members", Endless.Members(Endless.Members(1))).Metric("Members.m0.m0"));

    [Fact]
    public void A_dictionary_without_end_of_what_is_left_out_ends_too() =>
        Assert.Empty(
            TestData.Builder(o => o.Exclude.Add("Members.*")).With("Members", Endless.Members(1)).Properties);

    [Fact]
    public void A_list_that_holds_itself_ends()
    {
        var built = TestData.Builder().With("List", Endless.ListInItself());

        Assert.StartsWith("[[[[", built.Attribute("List"));
        Assert.Contains(OmissionReason.Unsupported, built.Reasons());
    }

    [Fact]
    public void A_dictionary_that_holds_itself_ends()
    {
        var built = TestData.Builder().With("Node", Endless.DictionaryInItself());

        Assert.Equal(1, built.Metric("Node.n"));
        Assert.Equal(1, built.Metric("Node.a.n"));
        Assert.Contains(OmissionReason.TooDeep, built.Reasons());
    }

    [Fact]
    public void A_dictionary_that_throws_keeps_what_was_read_and_harms_no_other_property()
    {
        var built = TestData.Builder().With(("Broken", Endless.MembersBreakingAfter(2)), ("Amount", 5));

        Assert.Equal(["Broken.m0", "Broken.m1", "Amount"], built.Names());
        Assert.Equal(new OmittedValue(OmissionReason.Unsupported, "Broken"), Assert.Single(built.Omitted));
    }

    [Fact]
    public void What_throws_within_a_dictionary_leaves_its_neighbours_their_names()
    {
        var built = TestData.Builder().With("Cart", new Dictionary<string, object?>
        {
            ["Before"] = 1,
            ["Broken"] = Endless.BreakingAfter(1),
            ["Inner"] = Endless.MembersBreakingAfter(1),
            ["After"] = 2,
        });

        Assert.Equal(["Cart.Before", "Cart.Inner.m0", "Cart.After"], built.Names());
        Assert.Equal(["Cart.Broken", "Cart.Inner"], built.Omitted.Select(l => l.Name));
    }
}
