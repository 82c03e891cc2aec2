using System.Collections;
using System.Collections.Immutable;
using System.Dynamic;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class FlatteningTests
{
    private static readonly Dictionary<string, object?> Address = new() { ["City"] = "Tehran", ["Floor"] = 3 };

    [Fact]
    public void A_dictionary_is_flattened_with_dots()
    {
        var built = TestData.Builder().With(
            "Customer", new Dictionary<string, object?> { ["Name"] = "Sara", ["Address"] = Address });

        Assert.Equal(["Customer.Name", "Customer.Address.City", "Customer.Address.Floor"], built.Names());
        Assert.Equal("Tehran", built.Attribute("Customer.Address.City"));
        Assert.Equal(3, built.Metric("Customer.Address.Floor"));
    }

    [Fact]
    public void Every_kind_of_dictionary_is_flattened()
    {
        dynamic expando = new ExpandoObject();
        expando.City = "Tehran";
        object[] kinds =
        [
            new Dictionary<string, object?> { ["City"] = "Tehran" },
            new Dictionary<string, string> { ["City"] = "Tehran" },
            new Hashtable { ["City"] = "Tehran" },
            new SortedList<string, string> { ["City"] = "Tehran" },
            ImmutableDictionary<string, string>.Empty.Add("City", "Tehran"),
            new KeyValuePair<string, object?>[] { new("City", "Tehran") },
            expando,
        ];
        foreach (var kind in kinds)
            Assert.Equal("Tehran", TestData.Builder().With("Address", kind).Attribute("Address.City"));
    }

    [Fact]
    public void A_key_that_is_not_text_becomes_invariant_text()
    {
        var built = TestData.Builder().With(
            "Stock", new Dictionary<object, int> { [DayOfWeek.Friday] = 1, [1.5m] = 2, [new byte[] { 1 }] = 3 });

        Assert.Equal(["Stock.Friday", "Stock.1.5"], built.Names());
    }

    [Fact]
    public void A_sequence_in_a_dictionary_is_JSON_under_its_dotted_name() =>
        Assert.Equal(
            "[1,2]",
            TestData.Builder()
                .With("Cart", new Dictionary<string, object?> { ["Items"] = new[] { 1, 2 } })
                .Attribute("Cart.Items"));

    [Fact]
    public void Members_of_the_event_object_have_no_prefix()
    {
        var builder = TestData.Builder();
        Assert.True(builder.TryEnter(null));
        builder.With(("Amount", 130.5), ("Address", Address));
        builder.Leave();

        Assert.Equal(["Amount", "Address.City", "Address.Floor"], builder.Names());
    }

    [Fact]
    public void An_outer_property_that_comes_first_wins_over_a_member_of_the_same_name()
    {
        var builder = TestData.Builder().With("Amount", 1);
        builder.TryEnter(null);
        builder.With("Amount", 2);
        builder.Leave();

        Assert.Equal(1, builder.Metric("Amount"));
        Assert.Single(builder.Properties);
    }

    [Fact]
    public void An_outer_property_that_comes_last_wins_over_a_member_of_the_same_name()
    {
        var builder = TestData.Builder();
        builder.TryEnter(null);
        builder.With("Amount", 2);
        builder.Leave();
        builder.With("Amount", "one");

        Assert.Equal("one", builder.Attribute("Amount"));
        Assert.Null(builder.Metric("Amount"));
        Assert.Single(builder.Properties);
    }

    [Fact]
    public void A_dotted_property_name_wins_over_a_member_of_an_object()
    {
        var built = TestData.Builder().With(("Address", Address), ("Address.City", "Shiraz"));

        Assert.Equal("Shiraz", built.Attribute("Address.City"));
    }

    [Fact]
    public void The_first_of_two_properties_of_the_same_name_and_depth_wins()
    {
        var builder = TestData.Builder().With(("Amount", 1), ("Amount", 2));

        Assert.Equal(1, builder.Metric("Amount"));
        Assert.Single(builder.Properties);
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_distinct() =>
        Assert.Equal(["amount", "Amount"], TestData.Builder().With(("amount", 1), ("Amount", 2)).Names());

    [Fact]
    public void An_object_deeper_than_sixteen_levels_is_omitted_and_counted()
    {
        var deep = new Dictionary<string, object?> { ["Leaf"] = "reached" };
        for (var i = 0; i < 20; i++)
            deep = new() { ["n"] = deep, ["at"] = i };
        var built = TestData.Builder().With("Root", deep);

        Assert.Equal(16, built.Properties.Count);
        Assert.DoesNotContain(built.Properties, p => p.Text == "reached");
        Assert.Equal([OmissionReason.TooDeep], built.OmissionReasons());
    }

    [Fact]
    public void An_array_deeper_than_sixteen_levels_is_null_and_counted()
    {
        object deep = "leaf";
        for (var i = 0; i < 20; i++)
            deep = new[] { deep };
        var built = TestData.Builder().With("Root", deep);

        Assert.Equal(new string('[', 16) + "null" + new string(']', 16), built.Attribute("Root"));
        Assert.Equal([OmissionReason.Unsupported], built.OmissionReasons());
    }

    [Fact]
    public void A_reused_builder_keeps_nothing_of_the_previous_event()
    {
        var builder = TestData.Builder().WithUser().With(
            ("A", 1), ("B", "b"), ("C", double.NaN), ("metrix.event_time", 5));
        builder.TryEnter("Half");
        builder.Start("qzrtw", TestData.Time);

        Assert.Equal("qzrtw", builder.Slug);
        Assert.Equal(TestData.Time, builder.Time);
        Assert.Empty(builder.Properties);
        Assert.Empty(builder.Omitted);
        Assert.All(Enum.GetValues<EventField>(), field => Assert.Null(builder[field]));
        Assert.Equal(["A"], builder.With("A", 1).Names());
    }
}
