using System.Globalization;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class TimeRulesTests
{
    private static readonly DateTime Moment = TestData.Time.UtcDateTime;

    [Fact]
    public void An_event_without_a_time_property_has_the_time_of_the_record() =>
        Assert.Equal(TestData.Time, TestData.Builder().Time);

    [Fact]
    public void A_DateTime_of_kind_Utc_is_used_unchanged() => AssertTime(TestData.Time, Moment);

    [Fact]
    public void A_DateTime_of_kind_Local_is_converted_to_UTC() => AssertTime(TestData.Time, Moment.ToLocalTime());

    [Fact]
    public void A_DateTime_of_kind_Unspecified_is_treated_as_UTC() =>
        AssertTime(TestData.Time, DateTime.SpecifyKind(Moment, DateTimeKind.Unspecified));

    [Fact]
    public void A_DateTimeOffset_is_converted_to_UTC() =>
        AssertTime(TestData.Time, TestData.Time.ToOffset(new TimeSpan(3, 30, 0)));

    [Fact]
    public void A_number_is_read_as_Unix_milliseconds()
    {
        AssertTime(TestData.Time, 1570274953412L);
        AssertTime(TestData.Time, 1570274953412UL);
        AssertTime(TestData.Time, 1570274953412d);
        AssertTime(TestData.Time, 1570274953412m);
        AssertTime(DateTimeOffset.UnixEpoch, 0);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void Text_is_read_the_same_in_every_culture(string culture)
    {
        using var current = Cultures.Use(culture);

        AssertTime(TestData.Time, "1570274953412");
        AssertTime(TestData.Time, "2019-10-05T11:29:13.412Z");
        AssertTime(TestData.Time, "2019-10-05T11:29:13.412");
        AssertTime(TestData.Time, "2019-10-05T14:59:13.412+03:30");
        AssertTime(TestData.Time, "2019-10-05 11:29:13.412");
        AssertTime(TestData.Time, TestData.Time.ToString("O", CultureInfo.InvariantCulture));
    }

    public static TheoryData<string> InvalidTimeNames() => [.. InvalidTimes.Keys];

    private static readonly Dictionary<string, object> InvalidTimes = new()
    {
        ["word"] = "yesterday",
        ["fraction"] = "1.5",
        ["time of day"] = "10:30",
        ["nonexistent day"] = "2019-02-30T00:00:00Z",
        ["negative number"] = -1L,
        ["negative number as text"] = "-1",
        ["number beyond the year 9999"] = long.MaxValue,
        ["number beyond the year 9999 as text"] = "999999999999999999999",
        ["NaN"] = double.NaN,
        ["infinity"] = double.PositiveInfinity,
        ["time before 1970"] = new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc),
        ["time before 1970 with an offset"] = DateTimeOffset.UnixEpoch.AddTicks(-1),
        ["time before 1970 as text"] = "1969-12-31T23:59:59Z",
        ["DateTime.MinValue"] = DateTime.MinValue,
        ["Boolean"] = true,
        ["duration"] = TimeSpan.FromHours(1),
    };

    [Theory]
    [MemberData(nameof(InvalidTimeNames))]
    public void An_invalid_time_is_omitted_and_the_time_of_the_record_is_kept(string name)
    {
        var built = TestData.Builder().With("metrix.event_time", InvalidTimes[name]);

        Assert.Equal(TestData.Time, built.Time);
        Assert.Empty(built.Properties);
        Assert.All(built.Omitted, omitted => Assert.Equal("metrix.event_time", omitted.Name));
        Assert.Equal([OmissionReason.NotATime], built.OmissionReasons());
    }

    [Fact]
    public void The_next_name_is_read_after_an_invalid_time()
    {
        var built = TestData.Builder().With(("metrix.event_time", "yesterday"), ("MetrixEventTime", 5));

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5), built.Time);
    }

    [Fact]
    public void The_time_is_read_from_the_name_in_Fields()
    {
        var built = TestData.Builder(o => o.Fields["eventTime"] = "PaidAt")
            .With(("PaidAt", 5), ("metrix.event_time", 6));

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5), built.Time);
    }

    private static void AssertTime(DateTimeOffset expected, object value)
    {
        var builder = TestData.Builder();
        builder.Start("taqsq", DateTimeOffset.MaxValue);
        builder.With("metrix.event_time", value);

        Assert.Equal(expected.UtcDateTime, builder.Time.UtcDateTime);
        Assert.Empty(builder.Omitted);
    }
}
