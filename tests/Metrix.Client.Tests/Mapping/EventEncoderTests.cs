using System.Text;
using System.Text.Json;
using Metrix.Client.Mapping;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Mapping;

public class EventEncoderTests
{
    private const string User =
        $"\"metrixUserId\":\"{TestData.UserId}\",\"metrixSessionId\":\"{TestData.SessionId}\"";

    private const string Slug = "\"eventSlug\":\"taqsq\"";
    private const string Time = "\"eventTime\":\"1570274953412\"";

    private readonly EventEncoder _encoder = new();

    [Theory]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void A_full_event_has_its_fields_in_their_order(string culture)
    {
        using var current = Cultures.Use(culture);
        var built = TestData.Builder().OfSomeUser().With(
            ("metrix.device_ip", "192.168.1.10"), ("Amount", 130.5), ("Currency", "IRR"), ("Change", -1234567), ("Note", "خرید"));

        Assert.Equal(
            $"{{{User},\"advertisingId\":\"{TestData.AdvertisingId}\",{Slug},{Time}," +
            "\"customAttributes\":{\"Currency\":\"IRR\",\"Note\":\"خرید\"}," +
            "\"customMetrics\":{\"Amount\":130.5,\"Change\":-1234567}," +
            "\"deviceIp\":\"192.168.1.10\"}",
            Body(built));
    }

    [Fact]
    public void What_is_not_there_is_not_written() =>
        Assert.Equal($"{{{User},\"advertisingId\":\"{TestData.AdvertisingId}\",{Slug},{Time}}}", Body(TestData.Built()));

    [Fact]
    public void An_Apple_id_stands_under_its_own_name()
    {
        var built = TestData.Builder().With(
            ("metrix.user_id", TestData.UserId), ("metrix.session_id", TestData.SessionId), ("metrix.idfa", TestData.Idfa));

        Assert.Equal($"{{{User},\"idfa\":\"{TestData.Idfa}\",{Slug},{Time}}}", Body(built));
    }

    [Fact]
    public void Attributes_alone_bring_no_empty_metrics()
    {
        var body = Body(TestData.Built(("A", "a")));

        Assert.EndsWith($"{Time},\"customAttributes\":{{\"A\":\"a\"}}}}", body);
    }

    [Fact]
    public void Metrics_alone_bring_no_empty_attributes()
    {
        var body = Body(TestData.Built(("A", 1)));

        Assert.EndsWith($"{Time},\"customMetrics\":{{\"A\":1}}}}", body);
    }

    [Theory]
    [InlineData("خرید نیم\u200Cبها، ۱۲٫۵ ریال ـ «آزمایش»؟")]
    [InlineData("<script>alert('&+');</script>")]
    [InlineData("é ü 漢字 €")]
    public void Text_stands_as_it_is(string text) =>
        Assert.EndsWith($"\"customAttributes\":{{\"{text}\":\"{text}\"}}}}", Body(TestData.Built((text, text))));

    [Theory]
    [InlineData("😀")]
    [InlineData("a\"b\\c/d")]
    [InlineData("line\r\nbreak\tand\0\u001F\u007F\u2028")]
    public void Text_comes_out_of_the_body_as_it_went_in(string text)
    {
        using var json = JsonDocument.Parse(_encoder.Encode(TestData.Built(("Text", text))));

        Assert.Equal(text, json.RootElement.GetProperty("customAttributes").GetProperty("Text").GetString());
    }

    [Fact]
    public void Half_a_character_becomes_the_replacement_character()
    {
        using var json = JsonDocument.Parse(_encoder.Encode(TestData.Built(("Text", "a\uD800b\uDC00"), ("n\uDFFF", "named"))));

        var attributes = json.RootElement.GetProperty("customAttributes");
        Assert.Equal("a\uFFFDb\uFFFD", attributes.GetProperty("Text").GetString());
        Assert.Equal("named", attributes.GetProperty("n\uFFFD").GetString());
    }

    [Theory]
    [InlineData(MetrixEventTimeUnit.Milliseconds, "1570274953412")]
    [InlineData(MetrixEventTimeUnit.Seconds, "1570274953")]
    public void The_time_is_digits_in_quotes(MetrixEventTimeUnit unit, string digits) =>
        Assert.Contains($"\"eventTime\":\"{digits}\"", Body(TestData.Builder(o => o.EventTimeUnit = unit).OfSomeUser()));

    [Fact]
    public void A_time_before_1970_is_left_to_the_server()
    {
        var builder = TestData.Builder();
        builder.Start("taqsq", DateTimeOffset.MinValue);

        Assert.DoesNotContain("eventTime", Body(builder.OfSomeUser()));
    }

    [Fact]
    public void The_time_of_another_offset_is_Utc()
    {
        var builder = TestData.Builder().OfSomeUser();
        builder.Start("taqsq", TestData.Time.ToOffset(new TimeSpan(3, 30, 0)));

        Assert.Contains(Time, Body(builder));
    }

    [Fact]
    public void An_encoder_that_is_used_again_keeps_nothing_of_the_event_before()
    {
        var large = _encoder.Encode(TestData.Built(("Text", new string('x', 500)), ("Number", 1)));
        var copy = large.ToArray();

        Assert.Equal($"{{{User},\"advertisingId\":\"{TestData.AdvertisingId}\",{Slug},{Time}}}", Body(TestData.Built()));
        Assert.Equal(copy, large);
    }

    [Fact]
    public void Numbers_come_out_of_the_body_as_the_doubles_that_they_are()
    {
        double[] numbers = [double.MaxValue, double.Epsilon, -0d, 0.1, 1e21, 123456789012345680, double.MinValue];
        foreach (var number in numbers)
        {
            using var json = JsonDocument.Parse(_encoder.Encode(TestData.Built(("N", number))));
            var written = json.RootElement.GetProperty("customMetrics").GetProperty("N").GetDouble();
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(written));
        }
    }

    private string Body(Client.Mapping.EventBuilder built) => Encoding.UTF8.GetString(_encoder.Encode(built));
}
