using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class EventRulesTests
{
    private const string NoDigits = "is not a string of digits; it is Unix time, UTC, in the digits 0 to 9";
    private const string HalfACharacter = "has an escape that is half of a character: \\ud800 to \\udfff come in pairs";
    private const string NoField =
        "is not a field of an event; an app's own data goes under customAttributes or customMetrics";

    [Fact]
    public async Task All_fields_of_an_event_are_read()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.Event(
            ("deviceIp", "\"203.0.113.9\""),
            ("customAttributes", """{"_currency":"IRR","نام":"علی"}"""),
            ("customMetrics", """{"_revenue":1250000.5,"count":-3,"small":1e-7}""")));
        var received = Assert.Single(emulator.Events);

        Assert.Equal("1415211453000-6513894", received.MetrixUserId);
        Assert.Equal("session", received.MetrixSessionId);
        Assert.Equal("cdda802e-fb9c-47ad-9866-0794d394c912", received.AdvertisingId);
        Assert.Null(received.Idfa);
        Assert.Equal("taqsq", received.EventSlug);
        Assert.Equal("1570274953412", received.EventTime);
        Assert.Equal("203.0.113.9", received.DeviceIp);
        Assert.Equal(new Dictionary<string, string> { ["_currency"] = "IRR", ["نام"] = "علی" }, received.CustomAttributes);
        Assert.Equal(
            new Dictionary<string, double> { ["_revenue"] = 1250000.5, ["count"] = -3, ["small"] = 1e-7 },
            received.CustomMetrics);
    }

    [Fact]
    public async Task What_is_optional_may_be_absent()
    {
        await using var emulator = await StartAsync();
        await emulator.AcceptsAsync(TestData.Event(("advertisingId", null), ("idfa", "\"6D92078A\""), ("eventTime", null)));
        var received = Assert.Single(emulator.Events);

        Assert.Null(received.AdvertisingId);
        Assert.Equal("6D92078A", received.Idfa);
        Assert.Null(received.EventTime);
        Assert.Null(received.DeviceIp);
        Assert.Empty(received.CustomAttributes);
        Assert.Empty(received.CustomMetrics);
    }

    [Theory]
    [InlineData("eventTime", "\"0\"")]
    [InlineData("eventTime", "\"1559047522\"")]
    [InlineData("customAttributes", "{}")]
    [InlineData("customAttributes", "{\"a\":\"\"}")]
    [InlineData("customAttributes", "{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\"}")]
    [InlineData("customMetrics", "{}")]
    [InlineData("customMetrics", "{\"a\":0,\"A\":1.7976931348623157e308}")]
    public async Task This_is_taken(string field, string json)
    {
        await using var emulator = await StartAsync();

        await emulator.AcceptsAsync(TestData.Event((field, json)));
    }

    [Theory]
    [InlineData("metrixUserId", null, "is missing")]
    [InlineData("metrixSessionId", null, "is missing")]
    [InlineData("eventSlug", null, "is missing")]
    [InlineData("metrixUserId", "\"\"", "is empty")]
    [InlineData("metrixSessionId", "\"\"", "is empty")]
    [InlineData("eventSlug", "\" \"", "is empty")]
    [InlineData("advertisingId", "\"\"", "is empty")]
    [InlineData("idfa", "\"\"", "is empty")]
    [InlineData("metrixUserId", "12", "is a number; it is a string: put it in quotes")]
    [InlineData("metrixSessionId", "true", "is a boolean; it is a string")]
    [InlineData("eventSlug", "[]", "is an array; it is a string")]
    [InlineData("advertisingId", "{}", "is an object; it is a string")]
    [InlineData("idfa", "null", "is null; it is a string: leave it out when there is no value")]
    [InlineData("deviceIp", "null", "is null; it is a string: leave it out when there is no value")]
    [InlineData("eventTime", "1570274953412", "is a number; it is a string: put it in quotes")]
    [InlineData("eventTime", "\"\"", NoDigits)]
    [InlineData("eventTime", "\"-1\"", NoDigits)]
    [InlineData("eventTime", "\"1.5\"", NoDigits)]
    [InlineData("eventTime", "\"۱۵۷۰۲۷۴۹۵۳\"", NoDigits)]
    [InlineData("eventTime", "\"2019-10-05T11:29:13Z\"", NoDigits)]
    [InlineData("customAttributes", "[]", "is an array; it is a JSON object")]
    [InlineData("customAttributes", "null", "is null; it is a JSON object")]
    [InlineData("customMetrics", "\"a\"", "is a string; it is a JSON object")]
    [InlineData("eventslug", "\"a\"", NoField)]
    [InlineData("eventSlug", "\"a\",\"eventSlug\":\"b\"", "is there twice")]
    [InlineData("eventSlug", "\"a\",\"\\u0065ventSlug\":\"b\"", "is there twice")]
    [InlineData("eventSlug", "\"\\ud83d\"", HalfACharacter)]
    public async Task A_field_that_is_wrong_is_named_and_answered_400(string field, string? json, string reason)
    {
        await using var emulator = await StartAsync();
        var refusal = await emulator.PostAsync(TestData.Event((field, json))).RefusalAsync(400);

        Assert.Equal(($"{field} {reason}", field), refusal);
    }

    [Theory]
    [InlineData("customAttributes", "{\"Amount\":1}", "Amount",
        "is a number; attributes are strings: send it as a string, or put it under customMetrics")]
    [InlineData("customAttributes", "{\"a\":\"1\",\"b\":false}", "b",
        "is a boolean; attributes are strings: send it as a string")]
    [InlineData("customAttributes", "{\"a\":null}", "a",
        "is null; attributes are strings: leave it out when there is no value")]
    [InlineData("customAttributes", "{\"a\":{}}", "a", "is an object; attributes are strings: send it as a string")]
    [InlineData("customAttributes", "{\"a\":[]}", "a", "is an array; attributes are strings: send it as a string")]
    [InlineData("customAttributes", "{\"a\":\"1\",\"a\":\"1\"}", "a", "is there twice")]
    [InlineData("customAttributes", "{\"a\":\"\\udc00\"}", "a",
        HalfACharacter)]
    [InlineData("customMetrics", "{\"amount\":\"1\"}", "amount",
        "is a string; metrics are numbers: send it without quotes, or put it under customAttributes")]
    [InlineData("customMetrics", "{\"a\":1,\"b\":true}", "b", "is a boolean; metrics are numbers: send it as a number")]
    [InlineData("customMetrics", "{\"a\":null}", "a",
        "is null; metrics are numbers: leave it out when there is no value")]
    [InlineData("customMetrics", "{\"a\":[]}", "a", "is an array; metrics are numbers: send it as a number")]
    [InlineData("customMetrics", "{\"a\":1e309}", "a", "is too large; metrics are doubles")]
    [InlineData("customMetrics", "{\"a\":-1e999}", "a", "is too large; metrics are doubles")]
    [InlineData("customMetrics", "{\"a\":1,\"a\":1}", "a", "is there twice")]
    public async Task Custom_data_that_is_wrong_is_named_and_answered_400(
        string parent, string json, string name, string reason)
    {
        await using var emulator = await StartAsync();
        var refusal = await emulator.PostAsync(TestData.Event((parent, json))).RefusalAsync(400);

        Assert.Equal(($"{parent}.{name} {reason}", $"{parent}.{name}"), refusal);
    }

    [Theory]
    [InlineData("{\"\\ud83d\":1}", "the body has a name with an escape", null)]
    [InlineData("{\"customMetrics\":{\"\\ud83d\":1}}", "customMetrics has a name with an escape", "customMetrics")]
    public async Task A_name_that_is_no_text_is_answered_400(string body, string reason, string? at)
    {
        await using var emulator = await StartAsync();
        var (error, field) = await emulator.PostAsync(body).RefusalAsync(400);

        Assert.StartsWith(reason, error);
        Assert.Equal(at, field);
    }

    [Fact]
    public async Task Both_device_ids_are_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(TestData.Event(("idfa", "\"6D92078A\""))).RefusalAsync(400);

        Assert.Equal("advertisingId and idfa are both there: send exactly one of the two", error);
    }

    [Fact]
    public async Task Neither_device_id_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(TestData.Event(("advertisingId", null))).RefusalAsync(400);

        Assert.Equal("advertisingId and idfa are both missing: send exactly one of the two", error);
    }

    [Fact]
    public async Task Only_the_first_problem_is_told()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync("""{"eventSlug":1,"metrixUserId":2}""").RefusalAsync(400);

        Assert.Equal("eventSlug is a number; it is a string: put it in quotes", error);
    }

    [Fact]
    public async Task An_endless_name_is_shortened_in_the_reason_alone()
    {
        await using var emulator = await StartAsync();
        var name = new string('n', 5_000);
        var (error, field) = await emulator.PostAsync(TestData.Event((name, "1"))).RefusalAsync(400);

        Assert.StartsWith(new string('n', 100) + "… is not a field", error);
        Assert.Equal(name, field);
    }

    [Fact]
    public async Task A_rejected_request_is_kept_with_its_reason_and_not_as_an_event()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.Event(("eventSlug", null))).RefusalAsync(400);
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Empty(emulator.Events);
        Assert.Equal((400, "eventSlug is missing", "eventSlug"), (rejected.Status, rejected.Reason, rejected.Field));
    }

    private static Task<MetrixEmulator> StartAsync() =>
        MetrixEmulator.StartAsync(TestData.Options(), TestContext.Current.CancellationToken);
}
