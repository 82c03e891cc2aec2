using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class FieldNamesTests
{
    private static readonly string[] FieldKeys =
        ["metrixUserId", "metrixSessionId", "advertisingId", "idfa", "deviceIp", "eventTime", "app"];

    private static readonly string[] StandardNames =
    [
        "metrix.slug", "metrix.user_id", "metrix.session_id", "metrix.advertising_id", "metrix.idfa",
        "metrix.device_ip",
        "metrix.event_time", "metrix.app",
        "MetrixSlug", "MetrixUserId", "MetrixSessionId", "MetrixAdvertisingId", "MetrixIdfa", "MetrixDeviceIp",
        "MetrixEventTime", "MetrixApp",
    ];

    public static TheoryData<string> StandardNameData() => [.. StandardNames];

    public static TheoryData<string> FieldKeyData() => [.. FieldKeys];

    [Theory]
    [MemberData(nameof(StandardNameData))]
    public void A_reserved_name_is_never_a_property(string name)
    {
        object?[] values =
            ["text", 1570274953412, 5.5, true, TestData.Time, "", null, "  ", new byte[] { 1 }, double.NaN];
        foreach (var value in values)
            Assert.Empty(TestData.Builder().With(name, value).Properties);
    }

    [Theory]
    [MemberData(nameof(StandardNameData))]
    public void A_reserved_name_is_not_a_property_even_if_it_is_included(string name) =>
        Assert.Empty(TestData.Builder(o => o.Include.Add("*")).With(name, "text").Properties);

    [Theory]
    [MemberData(nameof(StandardNameData))]
    public void A_reserved_name_within_an_object_is_a_property(string name) =>
        Assert.Equal(
            ["Own." + name],
            TestData.Builder().With("Own", new Dictionary<string, object?> { [name] = "text" }).Names());

    [Theory]
    [MemberData(nameof(FieldKeyData))]
    public void A_name_in_Fields_is_not_a_property(string key) =>
        Assert.Empty(
            TestData.Builder(o => o.Fields[key] = "Own.Name").With(("Own.Name", "text"), ("own.name", 1)).Properties);

    [Theory]
    [MemberData(nameof(FieldKeyData))]
    public void The_standard_names_of_a_renamed_field_stay_reserved(string key)
    {
        var builder = TestData.Builder(o => o.Fields[key] = "Own");
        foreach (var name in StandardNames)
            builder.With(name, "text");

        Assert.Empty(builder.Properties);
    }

    [Theory]
    [InlineData("metrix.user_id", EventField.MetrixUserId)]
    [InlineData("MetrixUserId", EventField.MetrixUserId)]
    [InlineData("metrix.session_id", EventField.MetrixSessionId)]
    [InlineData("MetrixSessionId", EventField.MetrixSessionId)]
    [InlineData("metrix.advertising_id", EventField.AdvertisingId)]
    [InlineData("MetrixAdvertisingId", EventField.AdvertisingId)]
    [InlineData("metrix.idfa", EventField.Idfa)]
    [InlineData("MetrixIdfa", EventField.Idfa)]
    [InlineData("metrix.device_ip", EventField.DeviceIp)]
    [InlineData("MetrixDeviceIp", EventField.DeviceIp)]
    [InlineData("metrix.app", EventField.App)]
    [InlineData("MetrixApp", EventField.App)]
    internal void A_field_is_read_from_its_standard_names(string name, EventField field) =>
        Assert.Equal("value", TestData.Builder().With(name, " value ")[field]);

    [Fact]
    public void The_name_in_Fields_takes_precedence_over_the_standard_names()
    {
        (string, object?)[] names = [("MetrixUserId", "third"), ("metrix.user_id", "second"), ("CustomerId", "first")];
        var builder = TestData.Builder(o => o.Fields["metrixUserId"] = "CustomerId");

        Assert.Equal("first", builder.With(names)[EventField.MetrixUserId]);
        builder.Start("taqsq", TestData.Time);
        Assert.Equal("first", builder.With([.. names.Reverse()])[EventField.MetrixUserId]);
        builder.Start("taqsq", TestData.Time);
        Assert.Equal("second", builder.With(names[..2])[EventField.MetrixUserId]);
    }

    [Fact]
    public void A_field_of_the_record_wins_over_one_of_its_object()
    {
        var builder = TestData.Builder();
        builder.TryEnter(null);
        builder.With("metrix.user_id", "inner");
        builder.Leave();
        builder.With("MetrixUserId", "outer");

        Assert.Equal("outer", builder[EventField.MetrixUserId]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_field_with_a_blank_value_is_read_from_the_next_name(string? blank)
    {
        var built = TestData.Builder().With(("metrix.user_id", blank), ("MetrixUserId", "found"));

        Assert.Equal("found", built[EventField.MetrixUserId]);
    }

    [Fact]
    public void A_number_is_accepted_as_an_id() =>
        Assert.Equal("1234567", TestData.Builder().With("metrix.user_id", 1234567L)[EventField.MetrixUserId]);
}
