using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class FilterTests
{
    private static readonly Dictionary<string, object?> Address = new() { ["City"] = "Tehran", ["Floor"] = 3 };

    [Fact]
    public void A_property_excluded_by_name_is_omitted_regardless_of_case() =>
        Assert.Equal(
            ["SecretNumber", "Amount"],
            TestData.Builder(o => o.Exclude.Add("secret"))
                .With(("Secret", "x"), ("SecretNumber", 1), ("Amount", 2))
                .Names());

    [Fact]
    public void An_excluded_property_is_not_counted_as_omitted() =>
        Assert.Empty(TestData.Builder(o => o.Exclude.Add("Secret")).With("Secret", double.NaN).Omitted);

    [Fact]
    public void Properties_excluded_by_prefix_are_omitted() =>
        Assert.Equal(
            ["Amount"],
            TestData.Builder(o => o.Exclude.Add("internal*"))
                .With(("Internal", 1), ("InternalNote", "x"), ("Internals", new[] { 1 }), ("Amount", 2)).Names());

    [Fact]
    public void A_property_included_by_name_is_sent_when_a_prefix_excludes_it() =>
        Assert.Equal(
            ["InternalId"],
            TestData.Builder(o =>
            {
                o.Exclude.Add("Internal*");
                o.Include.Add("InternalId");
            }).With(("InternalId", 1), ("InternalNote", "x")).Names());

    [Fact]
    public void Only_included_properties_are_sent_when_all_are_excluded() =>
        Assert.Equal(
            ["Amount", "OrderId", "OrderLines"],
            TestData.Builder(o =>
            {
                o.Exclude.Add("*");
                o.Include.Add("Amount");
                o.Include.Add("Order*");
            }).With(
                ("Amount", 1), ("OrderId", "A-1"), ("OrderLines", new[] { 1 }), ("Note", "x"), ("List", new[] { 1 }))
                .Names());

    [Fact]
    public void An_object_included_by_prefix_is_sent_with_its_members_when_all_are_excluded() =>
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
    public void Only_the_included_members_of_an_excluded_object_are_sent(
        string exclude, string include, string[] sent) =>
        Assert.Equal(
            sent,
            TestData.Builder(o =>
            {
                o.Exclude.Add(exclude);
                o.Include.Add(include);
            }).With("Address", Address).Names());

    [Fact]
    public void A_field_is_read_from_an_excluded_object()
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
    public void An_excluded_object_is_omitted_with_its_members() =>
        Assert.Empty(TestData.Builder(o => o.Exclude.Add("Address")).With("Address", Address).Properties);

    [Fact]
    public void A_member_is_excluded_by_its_dotted_name() =>
        Assert.Equal(
            ["Address.City"], TestData.Builder(o => o.Exclude.Add("Address.Floor")).With("Address", Address).Names());

    [Fact]
    public void The_identity_is_read_when_all_properties_are_excluded()
    {
        var built = TestData.Builder(o => o.Exclude.Add("*")).WithUser();

        Assert.Equal(InvalidReason.None, EventValidator.Check(built));
    }

    [Fact]
    public void Application_properties_are_sent_by_default() =>
        Assert.Equal(["SourceContext"], TestData.Builder().With("SourceContext", "x").Names());

    [Fact]
    public void Properties_added_by_frameworks_are_omitted()
    {
        var builder = TestData.Builder(excludedNames: [.. PropertyFilter.LoggingNoise]);
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
    public void LoggingNoise_contains(string name) => Assert.Contains(name, PropertyFilter.LoggingNoise);

    [Fact]
    public void A_framework_property_is_sent_when_it_is_included() =>
        Assert.Equal(
            ["MachineName"],
            TestData.Builder(o => o.Include.Add("MachineName"), "MachineName", "ThreadId")
                .With(("MachineName", "web-1"), ("ThreadId", 7)).Names());

    [Fact]
    public void A_member_with_the_name_of_a_framework_property_is_sent()
    {
        var builder = TestData.Builder(excludedNames: ["Application"]);
        builder.TryEnter(null);
        builder.With("Application", "loan");
        builder.Leave();

        Assert.Equal("loan", builder.Attribute("Application"));
    }

    [Fact]
    public void An_object_with_the_name_of_a_framework_property_is_omitted() =>
        Assert.Empty(
            TestData.Builder(excludedNames: ["EventId"])
                .With("EventId", new Dictionary<string, object?> { ["Id"] = 7 })
                .Properties);
}
