using System.Text;
using System.Text.Json;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class EventEncoderTests
{
    private const string UserFields =
        $"\"metrixUserId\":\"{TestUser.UserId}\",\"metrixSessionId\":\"{TestUser.SessionId}\"";

    private const string SlugField = "\"eventSlug\":\"taqsq\"";
    private const string TimeField = "\"eventTime\":\"1570274953412\"";

    private readonly EventEncoder _encoder = new();

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void A_complete_event_has_its_fields_in_order_in_every_culture(string culture)
    {
        using var current = Cultures.Use(culture);
        var built = TestData.Builder().WithUser().With(
            ("metrix.device_ip", "192.168.1.10"), ("Amount", 130.5), ("Currency", "IRR"), ("Change", -1234567),
            ("Note", "خرید"));

        Assert.Equal(
            $"{{{UserFields},\"advertisingId\":\"{TestUser.AdvertisingId}\",{SlugField},{TimeField}," +
            "\"customAttributes\":{\"Currency\":\"IRR\",\"Note\":\"خرید\"}," +
            "\"customMetrics\":{\"Amount\":130.5,\"Change\":-1234567}," +
            "\"deviceIp\":\"192.168.1.10\"}",
            Body(built));
    }

    [Fact]
    public void Missing_fields_are_not_written() =>
        Assert.Equal(
            $"{{{UserFields},\"advertisingId\":\"{TestUser.AdvertisingId}\",{SlugField},{TimeField}}}",
            Body(TestData.BuilderWithUser()));

    [Fact]
    public void An_Apple_id_is_written_as_idfa()
    {
        var built = TestData.Builder().With(
            ("metrix.user_id", TestUser.UserId), ("metrix.session_id", TestUser.SessionId),
            ("metrix.idfa", TestUser.Idfa));

        Assert.Equal($"{{{UserFields},\"idfa\":\"{TestUser.Idfa}\",{SlugField},{TimeField}}}", Body(built));
    }

    [Fact]
    public void An_event_with_attributes_only_has_no_customMetrics()
    {
        var body = Body(TestData.BuilderWithUser(("A", "a")));

        Assert.EndsWith($"{TimeField},\"customAttributes\":{{\"A\":\"a\"}}}}", body);
    }

    [Fact]
    public void An_event_with_metrics_only_has_no_customAttributes()
    {
        var body = Body(TestData.BuilderWithUser(("A", 1)));

        Assert.EndsWith($"{TimeField},\"customMetrics\":{{\"A\":1}}}}", body);
    }

    [Theory]
    [InlineData("خرید نیم\u200Cبها، ۱۲٫۵ ریال ـ «آزمایش»؟")]
    [InlineData("<script>alert('&+');</script>")]
    [InlineData("é ü 漢字 €")]
    public void Text_is_written_unescaped(string text) =>
        Assert.EndsWith(
            $"\"customAttributes\":{{\"{text}\":\"{text}\"}}}}", Body(TestData.BuilderWithUser((text, text))));

    [Theory]
    [InlineData("😀")]
    [InlineData("a\"b\\c/d")]
    [InlineData("line\r\nbreak\tand\0\u001F\u007F\u2028")]
    public void Text_survives_a_round_trip(string text)
    {
        using var json = JsonDocument.Parse(_encoder.Encode(TestData.BuilderWithUser(("Text", text))));

        Assert.Equal(text, json.RootElement.GetProperty("customAttributes").GetProperty("Text").GetString());
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        using var json = JsonDocument.Parse(
            _encoder.Encode(TestData.BuilderWithUser(("Text", "a\uD800b\uDC00"), ("n\uDFFF", "named"))));

        var attributes = json.RootElement.GetProperty("customAttributes");
        Assert.Equal("a\uFFFDb\uFFFD", attributes.GetProperty("Text").GetString());
        Assert.Equal("named", attributes.GetProperty("n\uFFFD").GetString());
    }

    [Theory]
    [InlineData(MetrixEventTimeUnit.Milliseconds, "1570274953412")]
    [InlineData(MetrixEventTimeUnit.Seconds, "1570274953")]
    public void The_time_is_written_as_quoted_digits(MetrixEventTimeUnit unit, string digits) =>
        Assert.Contains($"\"eventTime\":\"{digits}\"", Body(TestData.Builder(o => o.EventTimeUnit = unit).WithUser()));

    [Fact]
    public void A_time_before_1970_is_not_written()
    {
        var builder = TestData.Builder();
        builder.Start("taqsq", DateTimeOffset.MinValue);

        Assert.DoesNotContain("eventTime", Body(builder.WithUser()));
    }

    [Fact]
    public void A_time_with_an_offset_is_converted_to_UTC()
    {
        var builder = TestData.Builder().WithUser();
        builder.Start("taqsq", TestData.Time.ToOffset(new TimeSpan(3, 30, 0)));

        Assert.Contains(TimeField, Body(builder));
    }

    [Fact]
    public void A_reused_encoder_keeps_nothing_of_the_previous_event()
    {
        var large = _encoder.Encode(TestData.BuilderWithUser(("Text", new string('x', 500)), ("Number", 1)));
        var copy = large.ToArray();

        Assert.Equal(
            $"{{{UserFields},\"advertisingId\":\"{TestUser.AdvertisingId}\",{SlugField},{TimeField}}}",
            Body(TestData.BuilderWithUser()));
        Assert.Equal(copy, large);
    }

    [Fact]
    public void Numbers_survive_a_round_trip()
    {
        double[] numbers = [double.MaxValue, double.Epsilon, -0d, 0.1, 1e21, 123456789012345680, double.MinValue];
        foreach (var number in numbers)
        {
            using var json = JsonDocument.Parse(_encoder.Encode(TestData.BuilderWithUser(("N", number))));
            var written = json.RootElement.GetProperty("customMetrics").GetProperty("N").GetDouble();
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(written));
        }
    }

    private string Body(EventBuilder built) => Encoding.UTF8.GetString(_encoder.Encode(built));
}
