using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class UnboundedValueTests
{
    [Fact]
    public void An_endless_sequence_is_read_up_to_the_limit_of_a_value()
    {
        var built = TestData.Builder().With("Items", UnboundedValues.Sequence("item"));

        Assert.Equal(512, built.Attribute("Items")!.Length);
        Assert.Equal([OmissionReason.Truncated], built.OmissionReasons());
    }

    [Fact]
    public void An_endless_sequence_of_nulls_is_truncated() =>
        Assert.StartsWith(
            "[null,null,", TestData.Builder().With("Items", UnboundedValues.Sequence(null)).Attribute("Items"));

    [Fact]
    public void An_endless_sequence_of_endless_sequences_is_truncated() =>
        Assert.StartsWith(
            "[[\"item\",",
            TestData.Builder()
                .With("Items", UnboundedValues.Sequence(UnboundedValues.Sequence("item")))
                .Attribute("Items"));

    [Fact]
    public void An_endless_sequence_of_empty_sequences_is_truncated() =>
        Assert.StartsWith(
            "[[],[],",
            TestData.Builder().With("Items", UnboundedValues.Sequence(Array.Empty<int>())).Attribute("Items"));

    [Fact]
    public void An_endless_dictionary_in_a_sequence_is_truncated() =>
        Assert.StartsWith(
            "[{\"m0\":1,\"m1\":1,",
            TestData.Builder().With("Items", new[] { UnboundedValues.Dictionary(1) }).Attribute("Items"));

    [Fact]
    public void An_endless_dictionary_is_read_up_to_the_limit_of_an_event()
    {
        var built = TestData.Builder().With("Members", UnboundedValues.Dictionary("text"));

        Assert.Equal(EventBuilder.MaxAttributes, built.Properties.Count);
        Assert.Equal("text", built.Attribute("Members.m0"));
        Assert.Contains(OmissionReason.TooMany, built.OmissionReasons());
    }

    [Fact]
    public void An_endless_dictionary_of_numbers_is_truncated() =>
        Assert.Equal(1, TestData.Builder().With("Members", UnboundedValues.Dictionary(1)).Metric("Members.m0"));

    [Fact]
    public void An_endless_dictionary_of_endless_dictionaries_is_truncated() =>
        Assert.Equal(
            1,
            TestData.Builder()
                .With("Members", UnboundedValues.Dictionary(UnboundedValues.Dictionary(1)))
                .Metric("Members.m0.m0"));

    [Fact]
    public void An_endless_dictionary_of_excluded_members_is_truncated() =>
        Assert.Empty(
            TestData.Builder(o => o.Exclude.Add("Members.*"))
                .With("Members", UnboundedValues.Dictionary(1))
                .Properties);

    [Fact]
    public void A_self_referencing_list_is_truncated()
    {
        var built = TestData.Builder().With("List", UnboundedValues.SelfReferencingList());

        Assert.StartsWith("[[[[", built.Attribute("List"));
        Assert.Contains(OmissionReason.Unsupported, built.OmissionReasons());
    }

    [Fact]
    public void A_self_referencing_dictionary_is_truncated()
    {
        var built = TestData.Builder().With("Node", UnboundedValues.SelfReferencingDictionary());

        Assert.Equal(1, built.Metric("Node.n"));
        Assert.Equal(1, built.Metric("Node.a.n"));
        Assert.Contains(OmissionReason.TooDeep, built.OmissionReasons());
    }

    [Fact]
    public void A_throwing_dictionary_keeps_the_members_read_before_and_does_not_affect_other_properties()
    {
        var built = TestData.Builder().With(("Broken", UnboundedValues.DictionaryThrowingAfter(2)), ("Amount", 5));

        Assert.Equal(["Broken.m0", "Broken.m1", "Amount"], built.Names());
        Assert.Equal(new OmittedValue(OmissionReason.Unsupported, "Broken"), Assert.Single(built.Omitted));
    }

    [Fact]
    public void A_throwing_member_does_not_change_the_names_of_its_siblings()
    {
        var built = TestData.Builder().With("Cart", new Dictionary<string, object?>
        {
            ["Before"] = 1,
            ["Broken"] = UnboundedValues.SequenceThrowingAfter(1),
            ["Inner"] = UnboundedValues.DictionaryThrowingAfter(1),
            ["After"] = 2,
        });

        Assert.Equal(["Cart.Before", "Cart.Inner.m0", "Cart.After"], built.Names());
        Assert.Equal(["Cart.Broken", "Cart.Inner"], built.Omitted.Select(omitted => omitted.Name));
    }
}
