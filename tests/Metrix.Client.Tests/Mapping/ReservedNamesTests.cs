using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class ReservedNamesTests
{
    private static readonly string[] Keys =
        ["metrixUserId", "metrixSessionId", "advertisingId", "idfa", "deviceIp", "eventTime", "app"];

    private static readonly string[] Standard =
    [
        "metrix.slug", "metrix.user_id", "metrix.session_id", "metrix.advertising_id", "metrix.idfa", "metrix.device_ip",
        "metrix.event_time", "metrix.app",
        "MetrixSlug", "MetrixUserId", "MetrixSessionId", "MetrixAdvertisingId", "MetrixIdfa", "MetrixDeviceIp",
        "MetrixEventTime", "MetrixApp",
    ];

    public static TheoryData<string> StandardNames() => [.. Standard];

    public static TheoryData<string> RenamedNames() => [.. Keys];

    [Theory]
    [MemberData(nameof(StandardNames))]
    public void A_reserved_name_never_stands_among_the_attributes(string name)
    {
        object?[] values = ["text", 1570274953412, 5.5, true, TestData.Time, "", null, "  ", new byte[] { 1 }, double.NaN];
        foreach (var value in values)
            Assert.Empty(TestData.Builder().With(name, value).Properties);
    }

    [Theory]
    [MemberData(nameof(StandardNames))]
    public void A_reserved_name_that_is_included_is_still_no_attribute(string name) =>
        Assert.Empty(TestData.Builder(o => o.Include.Add("*")).With(name, "text").Properties);

    [Theory]
    [MemberData(nameof(StandardNames))]
    public void A_reserved_name_is_none_within_an_object(string name) =>
        Assert.Equal(
            ["Own." + name],
            TestData.Builder().With("Own", new Dictionary<string, object?> { [name] = "text" }).Names());

    [Theory]
    [MemberData(nameof(RenamedNames))]
    public void A_name_that_a_field_is_read_from_is_no_attribute(string key) =>
        Assert.Empty(TestData.Builder(o => o.Fields[key] = "Own.Name").With(("Own.Name", "text"), ("own.name", 1)).Properties);

    [Theory]
    [MemberData(nameof(RenamedNames))]
    public void Of_a_renamed_field_the_standard_names_stay_reserved(string key)
    {
        var builder = TestData.Builder(o => o.Fields[key] = "Own");
        foreach (var name in Standard)
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
    internal void A_field_is_read_from(string name, EventField field) =>
        Assert.Equal("value", TestData.Builder().With(name, " value ")[field]);

    [Fact]
    public void A_field_is_read_from_the_name_in_Fields_before_the_standard_ones()
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
    public void A_field_on_the_record_is_kept_over_one_of_its_object()
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
    public void A_field_without_a_value_is_read_from_the_next_name(string? nothing)
    {
        var built = TestData.Builder().With(("metrix.user_id", nothing), ("MetrixUserId", "found"));

        Assert.Equal("found", built[EventField.MetrixUserId]);
    }

    [Fact]
    public void A_number_is_an_id_too() =>
        Assert.Equal("1234567", TestData.Builder().With("metrix.user_id", 1234567L)[EventField.MetrixUserId]);
}
