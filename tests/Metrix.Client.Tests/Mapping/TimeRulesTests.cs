using System.Globalization;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class TimeRulesTests
{
    private static readonly DateTime Moment = TestData.Time.UtcDateTime;

    [Fact]
    public void Without_a_property_it_is_the_records_own_time() => Assert.Equal(TestData.Time, TestData.Builder().Time);

    [Fact]
    public void A_time_of_kind_Utc_is_that_moment() => AssertTime(TestData.Time, Moment);

    [Fact]
    public void A_time_of_kind_Local_is_that_moment() => AssertTime(TestData.Time, Moment.ToLocalTime());

    [Fact]
    public void A_time_of_kind_Unspecified_is_taken_as_Utc() =>
        AssertTime(TestData.Time, DateTime.SpecifyKind(Moment, DateTimeKind.Unspecified));

    [Fact]
    public void A_time_with_an_offset_is_that_moment() =>
        AssertTime(TestData.Time, TestData.Time.ToOffset(new TimeSpan(3, 30, 0)));

    [Fact]
    public void A_number_is_Unix_milliseconds()
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
    public void A_text_is_read_the_same_in_every_culture(string culture)
    {
        using var current = Cultures.Use(culture);

        AssertTime(TestData.Time, "1570274953412");
        AssertTime(TestData.Time, "2019-10-05T11:29:13.412Z");
        AssertTime(TestData.Time, "2019-10-05T11:29:13.412");
        AssertTime(TestData.Time, "2019-10-05T14:59:13.412+03:30");
        AssertTime(TestData.Time, "2019-10-05 11:29:13.412");
        AssertTime(TestData.Time, TestData.Time.ToString("O", CultureInfo.InvariantCulture));
    }

    public static TheoryData<string> NoTimes() => [.. NoTime.Keys];

    private static readonly Dictionary<string, object> NoTime = new()
    {
        ["a word"] = "yesterday",
        ["a number with a fraction"] = "1.5",
        ["a time of day"] = "10:30",
        ["a day that does not exist"] = "2019-02-30T00:00:00Z",
        ["a negative number"] = -1L,
        ["a negative number as text"] = "-1",
        ["a number beyond the year 9999"] = long.MaxValue,
        ["a number beyond the year 9999 as text"] = "999999999999999999999",
        ["no number"] = double.NaN,
        ["infinity"] = double.PositiveInfinity,
        ["a time before 1970"] = new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc),
        ["a time before 1970 with an offset"] = DateTimeOffset.UnixEpoch.AddTicks(-1),
        ["a time before 1970 as text"] = "1969-12-31T23:59:59Z",
        ["the least time"] = DateTime.MinValue,
        ["a truth"] = true,
        ["a duration"] = TimeSpan.FromHours(1),
    };

    [Theory]
    [MemberData(nameof(NoTimes))]
    public void What_is_no_time_leaves_the_records_own_and_is_counted(string what)
    {
        var built = TestData.Builder().With("metrix.event_time", NoTime[what]);

        Assert.Equal(TestData.Time, built.Time);
        Assert.Empty(built.Properties);
        Assert.All(built.Omitted, l => Assert.Equal("metrix.event_time", l.Name));
        if (NoTime[what] is not double)
            Assert.Equal([OmissionReason.NotATime], built.Reasons());
    }

    [Fact]
    public void After_what_is_no_time_the_next_name_is_read()
    {
        var built = TestData.Builder().With(("metrix.event_time", "yesterday"), ("MetrixEventTime", 5));

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5), built.Time);
    }

    [Fact]
    public void The_time_is_read_from_the_name_in_Fields()
    {
        var built = TestData.Builder(o => o.Fields["eventTime"] = "PaidAt").With(("PaidAt", 5), ("metrix.event_time", 6));

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
