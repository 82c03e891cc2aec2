using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class EventRulesTests
{
    private const string NotDigits = "is not a string of digits; it must be Unix time in UTC, in the digits 0 to 9";
    private const string UnpairedSurrogate = "has an unpaired surrogate escape; \\ud800 to \\udfff must come in pairs";
    private const string UnknownField =
        "is not a field of an event; put custom data under customAttributes or customMetrics";

    [Fact]
    public async Task Event_contains_all_fields_of_the_body()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(TestData.Event(
            ("deviceIp", "\"203.0.113.9\""),
            ("customAttributes", """{"_currency":"IRR","نام":"علی"}"""),
            ("customMetrics", """{"_revenue":1250000.5,"count":-3,"small":1e-7}""")));
        var received = Assert.Single(emulator.Events);

        Assert.Equal("mx-user-1001", received.MetrixUserId);
        Assert.Equal("session", received.MetrixSessionId);
        Assert.Equal("cdda802e-fb9c-47ad-9866-0794d394c912", received.AdvertisingId);
        Assert.Null(received.Idfa);
        Assert.Equal("taqsq", received.EventSlug);
        Assert.Equal("1570274953412", received.EventTime);
        Assert.Equal("203.0.113.9", received.DeviceIp);
        Assert.Equal(
            new Dictionary<string, string> { ["_currency"] = "IRR", ["نام"] = "علی" }, received.CustomAttributes);
        Assert.Equal(
            new Dictionary<string, double> { ["_revenue"] = 1250000.5, ["count"] = -3, ["small"] = 1e-7 },
            received.CustomMetrics);
    }

    [Fact]
    public async Task Event_without_optional_fields_is_accepted()
    {
        await using var emulator = await StartAsync();
        await emulator.SendAcceptedAsync(
            TestData.Event(("advertisingId", null), ("idfa", "\"6D92078A\""), ("eventTime", null)));
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
    public async Task Unusual_but_valid_value_is_accepted(string field, string json)
    {
        await using var emulator = await StartAsync();

        await emulator.SendAcceptedAsync(TestData.Event((field, json)));
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
    [InlineData("metrixUserId", "12", "is a number, but must be a string; put it in quotes")]
    [InlineData("metrixSessionId", "true", "is a boolean, but must be a string")]
    [InlineData("eventSlug", "[]", "is an array, but must be a string")]
    [InlineData("advertisingId", "{}", "is an object, but must be a string")]
    [InlineData("idfa", "null", "is null, but must be a string; omit it when it has no value")]
    [InlineData("deviceIp", "null", "is null, but must be a string; omit it when it has no value")]
    [InlineData("eventTime", "1570274953412", "is a number, but must be a string; put it in quotes")]
    [InlineData("eventTime", "\"\"", NotDigits)]
    [InlineData("eventTime", "\"-1\"", NotDigits)]
    [InlineData("eventTime", "\"1.5\"", NotDigits)]
    [InlineData("eventTime", "\"۱۵۷۰۲۷۴۹۵۳\"", NotDigits)]
    [InlineData("eventTime", "\"2019-10-05T11:29:13Z\"", NotDigits)]
    [InlineData("customAttributes", "[]", "is an array, but must be a JSON object")]
    [InlineData("customAttributes", "null", "is null, but must be a JSON object")]
    [InlineData("customMetrics", "\"a\"", "is a string, but must be a JSON object")]
    [InlineData("eventslug", "\"a\"", UnknownField)]
    [InlineData("eventSlug", "\"a\",\"eventSlug\":\"b\"", "appears twice")]
    [InlineData("eventSlug", "\"a\",\"\\u0065ventSlug\":\"b\"", "appears twice")]
    [InlineData("eventSlug", "\"\\ud83d\"", UnpairedSurrogate)]
    public async Task Invalid_field_is_answered_400_with_its_name(string field, string? json, string reason)
    {
        await using var emulator = await StartAsync();
        var refusal = await emulator.PostAsync(TestData.Event((field, json))).ReadRejectionAsync(400);

        Assert.Equal(($"{field} {reason}", field), refusal);
    }

    [Theory]
    [InlineData("customAttributes", "{\"Amount\":1}", "Amount",
        "is a number, but attributes are strings; send it as a string, or put it under customMetrics")]
    [InlineData("customAttributes", "{\"a\":\"1\",\"b\":false}", "b",
        "is a boolean, but attributes are strings; send it as a string")]
    [InlineData("customAttributes", "{\"a\":null}", "a",
        "is null, but attributes are strings; omit it when it has no value")]
    [InlineData("customAttributes", "{\"a\":{}}", "a", "is an object, but attributes are strings; send it as a string")]
    [InlineData("customAttributes", "{\"a\":[]}", "a", "is an array, but attributes are strings; send it as a string")]
    [InlineData("customAttributes", "{\"a\":\"1\",\"a\":\"1\"}", "a", "appears twice")]
    [InlineData("customAttributes", "{\"a\":\"\\udc00\"}", "a", UnpairedSurrogate)]
    [InlineData("customMetrics", "{\"amount\":\"1\"}", "amount",
        "is a string, but metrics are numbers; send it without quotes, or put it under customAttributes")]
    [InlineData(
        "customMetrics", "{\"a\":1,\"b\":true}", "b", "is a boolean, but metrics are numbers; send it as a number")]
    [InlineData("customMetrics", "{\"a\":null}", "a",
        "is null, but metrics are numbers; omit it when it has no value")]
    [InlineData("customMetrics", "{\"a\":[]}", "a", "is an array, but metrics are numbers; send it as a number")]
    [InlineData("customMetrics", "{\"a\":1e309}", "a", "is too large for a double")]
    [InlineData("customMetrics", "{\"a\":-1e999}", "a", "is too large for a double")]
    [InlineData("customMetrics", "{\"a\":1,\"a\":1}", "a", "appears twice")]
    public async Task Invalid_custom_data_is_answered_400_with_its_path(
        string parent, string json, string name, string reason)
    {
        await using var emulator = await StartAsync();
        var refusal = await emulator.PostAsync(TestData.Event((parent, json))).ReadRejectionAsync(400);

        Assert.Equal(($"{parent}.{name} {reason}", $"{parent}.{name}"), refusal);
    }

    [Theory]
    [InlineData("{\"\\ud83d\":1}", "the body has a name with an unpaired surrogate escape", null)]
    [InlineData("{\"customMetrics\":{\"\\ud83d\":1}}",
        "customMetrics has a name with an unpaired surrogate escape", "customMetrics")]
    public async Task Name_with_an_unpaired_surrogate_is_answered_400(string body, string reason, string? at)
    {
        await using var emulator = await StartAsync();
        var (error, field) = await emulator.PostAsync(body).ReadRejectionAsync(400);

        Assert.StartsWith(reason, error);
        Assert.Equal(at, field);
    }

    [Fact]
    public async Task Event_with_both_device_ids_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(TestData.Event(("idfa", "\"6D92078A\""))).ReadRejectionAsync(400);

        Assert.Equal("advertisingId and idfa are both present; send exactly one of them", error);
    }

    [Fact]
    public async Task Event_without_a_device_id_is_answered_400()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync(TestData.Event(("advertisingId", null))).ReadRejectionAsync(400);

        Assert.Equal("advertisingId and idfa are both missing; send exactly one of them", error);
    }

    [Fact]
    public async Task Answer_names_only_the_first_problem()
    {
        await using var emulator = await StartAsync();
        var (error, _) = await emulator.PostAsync("""{"eventSlug":1,"metrixUserId":2}""").ReadRejectionAsync(400);

        Assert.Equal("eventSlug is a number, but must be a string; put it in quotes", error);
    }

    [Fact]
    public async Task Long_name_is_truncated_in_the_reason_but_not_in_the_field()
    {
        await using var emulator = await StartAsync();
        var name = new string('n', 5_000);
        var (error, field) = await emulator.PostAsync(TestData.Event((name, "1"))).ReadRejectionAsync(400);

        Assert.StartsWith(new string('n', 100) + "… is not a field", error);
        Assert.Equal(name, field);
    }

    [Fact]
    public async Task Rejected_request_is_kept_with_its_reason_and_not_as_an_event()
    {
        await using var emulator = await StartAsync();
        await emulator.PostAsync(TestData.Event(("eventSlug", null))).ReadRejectionAsync(400);
        var rejected = Assert.Single(emulator.Rejected);

        Assert.Empty(emulator.Events);
        Assert.Equal((400, "eventSlug is missing", "eventSlug"), (rejected.Status, rejected.Reason, rejected.Field));
    }

    private static Task<MetrixEmulator> StartAsync() =>
        MetrixEmulator.StartAsync(TestData.Options(), TestContext.Current.CancellationToken);
}
