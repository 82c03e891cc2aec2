using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class FilterTests
{
    private static readonly Dictionary<string, object?> Address = new() { ["City"] = "Tehran", ["Floor"] = 3 };

    [Fact]
    public void What_is_excluded_by_name_is_left_out_whatever_its_case() =>
        Assert.Equal(
            ["SecretNumber", "Amount"],
            TestData.Builder(o => o.Exclude.Add("secret")).With(("Secret", "x"), ("SecretNumber", 1), ("Amount", 2)).Names());

    [Fact]
    public void What_is_excluded_is_not_counted() =>
        Assert.Empty(TestData.Builder(o => o.Exclude.Add("Secret")).With("Secret", double.NaN).Omitted);

    [Fact]
    public void What_is_excluded_by_a_prefix_is_left_out() =>
        Assert.Equal(
            ["Amount"],
            TestData.Builder(o => o.Exclude.Add("internal*"))
                .With(("Internal", 1), ("InternalNote", "x"), ("Internals", new[] { 1 }), ("Amount", 2)).Names());

    [Fact]
    public void What_is_included_by_name_is_sent_although_a_prefix_excludes_it() =>
        Assert.Equal(
            ["InternalId"],
            TestData.Builder(o =>
            {
                o.Exclude.Add("Internal*");
                o.Include.Add("InternalId");
            }).With(("InternalId", 1), ("InternalNote", "x")).Names());

    [Fact]
    public void With_all_excluded_only_what_is_included_is_sent() =>
        Assert.Equal(
            ["Amount", "OrderId", "OrderLines"],
            TestData.Builder(o =>
            {
                o.Exclude.Add("*");
                o.Include.Add("Amount");
                o.Include.Add("Order*");
            }).With(
                ("Amount", 1), ("OrderId", "A-1"), ("OrderLines", new[] { 1 }), ("Note", "x"), ("List", new[] { 1 })).Names());

    [Fact]
    public void With_all_excluded_a_prefix_lets_an_object_through_with_its_members() =>
        Assert.Equal(
            ["Address.City", "Address.Floor"],
            TestData.Builder(o =>
            {
                o.Exclude.Add("*");
                o.Include.Add("Address*");
            }).With(("Address", Address), ("Customer", Address)).Names());

    [Theory]
    [InlineData("*", "Address", new[] { "Address.City", "Address.Floor" })]
    [InlineData("*", "Address.City", new[] { "Address.City" })]
    [InlineData("*", "address.*", new[] { "Address.City", "Address.Floor" })]
    [InlineData("Address", "Address.Floor", new[] { "Address.Floor" })]
    [InlineData("Address*", "Address.F*", new[] { "Address.Floor" })]
    [InlineData("*", "Addr", new string[0])]
    public void Of_an_excluded_object_that_is_sent_which_is_included(string exclude, string include, string[] sent) =>
        Assert.Equal(
            sent,
            TestData.Builder(o =>
            {
                o.Exclude.Add(exclude);
                o.Include.Add(include);
            }).With("Address", Address).Names());

    [Fact]
    public void A_field_is_read_in_an_excluded_object()
    {
        var built = TestData.Builder(o =>
        {
            o.Exclude.Add("*");
            o.Fields["metrixUserId"] = "User.Id";
        }).With("User", new Dictionary<string, object?> { ["Id"] = "u-1", ["Name"] = "secret" });

        Assert.Equal("u-1", built[EventField.MetrixUserId]);
        Assert.Empty(built.Properties);
    }

    [Fact]
    public void An_excluded_object_is_left_out_with_its_members() =>
        Assert.Empty(TestData.Builder(o => o.Exclude.Add("Address")).With("Address", Address).Properties);

    [Fact]
    public void A_member_is_excluded_by_its_dotted_name() =>
        Assert.Equal(["Address.City"], TestData.Builder(o => o.Exclude.Add("Address.Floor")).With("Address", Address).Names());

    [Fact]
    public void With_all_excluded_the_end_user_is_still_read()
    {
        var built = TestData.Builder(o => o.Exclude.Add("*")).OfSomeUser();

        Assert.Equal(InvalidReason.None, EventValidator.Check(built));
    }

    [Fact]
    public void Without_settings_nothing_of_the_applications_is_left_out() =>
        Assert.Equal(["SourceContext"], TestData.Builder().With("SourceContext", "x").Names());

    [Fact]
    public void What_frameworks_add_to_the_record_is_left_out()
    {
        var builder = TestData.Builder(leftOut: [.. PropertyFilter.LoggingNoise]);
        foreach (var name in PropertyFilter.LoggingNoise)
            builder.With(name, "x").With(name.ToLowerInvariant(), new[] { 1 });

        Assert.Empty(builder.Properties);
    }

    [Theory]
    [InlineData("SourceContext")]
    [InlineData("EventId")]
    [InlineData("RequestId")]
    [InlineData("RequestPath")]
    [InlineData("ConnectionId")]
    [InlineData("ActionId")]
    [InlineData("ActionName")]
    [InlineData("SpanId")]
    [InlineData("TraceId")]
    [InlineData("ParentId")]
    [InlineData("MachineName")]
    [InlineData("ThreadId")]
    [InlineData("ThreadName")]
    [InlineData("ProcessId")]
    [InlineData("Application")]
    [InlineData("EnvironmentName")]
    [InlineData("{OriginalFormat}")]
    public void The_list_of_what_frameworks_add_has(string name) => Assert.Contains(name, PropertyFilter.LoggingNoise);

    [Fact]
    public void What_frameworks_add_is_sent_when_it_is_included() =>
        Assert.Equal(
            ["MachineName"],
            TestData.Builder(o => o.Include.Add("MachineName"), "MachineName", "ThreadId")
                .With(("MachineName", "web-1"), ("ThreadId", 7)).Names());

    [Fact]
    public void A_member_that_is_named_as_what_frameworks_add_is_the_applications()
    {
        var builder = TestData.Builder(leftOut: ["Application"]);
        builder.TryEnter(null);
        builder.With("Application", "of a loan");
        builder.Leave();

        Assert.Equal("of a loan", builder.Attribute("Application"));
    }

    [Fact]
    public void An_object_on_the_record_that_is_named_as_what_frameworks_add_is_left_out() =>
        Assert.Empty(
            TestData.Builder(leftOut: ["EventId"]).With("EventId", new Dictionary<string, object?> { ["Id"] = 7 }).Properties);
}
