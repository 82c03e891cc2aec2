using System.Globalization;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class WarningTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_without_suspicious_values_has_no_warning()
    {
        Assert.Empty(await WarningsAsync(
            ("customAttributes",
                """
                {
                  "_currency": "IRR", "OrderId": "12345", "order_id": "12345", "ID": "1", "Phone": "09121234567",
                  "Zip": "12", "City": "تهران", "empty": ""
                }
                """),
            ("customMetrics", """{"_revenue":12.5}""")));
    }

    [Theory]
    [InlineData("advertisingId", "\"00000000-0000-0000-0000-000000000000\"", "advertisingId", "is all zeros")]
    [InlineData("eventSlug", "\"Purchase\"", "eventSlug", "does not look like a slug of the panel")]
    [InlineData("eventSlug", "\"taqs1\"", "eventSlug", "does not look like a slug of the panel")]
    [InlineData("eventTime", null, "eventTime", "is missing; Metrix uses the time of receipt")]
    [InlineData("eventTime", "\"1559047522\"", "eventTime", "looks like seconds; as milliseconds it is 1970-01-19")]
    [InlineData("eventTime", "\"1559047522000000\"", "eventTime", "has 16 digits; a time in milliseconds has thirteen")]
    [InlineData(
        "eventTime", "\"99999999999999999999\"", "eventTime", "has 20 digits; a time in milliseconds has thirteen")]
    [InlineData("customAttributes", "{\"Amount\":\"130.5\"}", "customAttributes.Amount", "is a number sent as text")]
    [InlineData("customAttributes", "{\"Paid\":\"130\"}", "customAttributes.Paid", "is a number sent as text")]
    [InlineData("customAttributes", "{\"Count\":\"-3\"}", "customAttributes.Count", "is a number sent as text")]
    [InlineData(
        "customAttributes", "{\"_currency\":\"Toman\"}", "customAttributes._currency", "is not one of the currencies")]
    [InlineData("customMetrics", "{\"_revenue\":1}", "customMetrics._revenue", "has no currency")]
    public async Task Suspicious_value_gets_a_warning_at_its_field(
        string field, string? json, string at, string text)
    {
        var warning = Assert.Single(await WarningsAsync((field, json)));

        Assert.Equal(at, warning.Field);
        Assert.StartsWith(text, warning.Text);
        Assert.NotEmpty(warning.Advice);
        Assert.StartsWith($"{at} {text}", warning.ToString());
    }

    [Fact]
    public async Task Idfa_of_zeros_gets_a_warning()
    {
        var warnings = await WarningsAsync(
            ("advertisingId", null), ("idfa", "\"00000000-0000-0000-0000-000000000000\""));

        Assert.Equal("idfa", Assert.Single(warnings).Field);
    }

    [Theory]
    [InlineData(-25, "is 25 hours before the event arrived")]
    [InlineData(-72, "is 3 days before the event arrived")]
    [InlineData(1, "is 60 minutes ahead of this machine's clock")]
    public async Task Event_time_far_from_now_gets_a_warning(double hours, string text)
    {
        // A few seconds more, so that the time between creation and arrival does not matter.
        var time = TimeProvider.System.GetUtcNow().AddHours(hours).AddSeconds(5);

        Assert.Equal(text, Assert.Single(await WarningsAsync(("eventTime", Quoted(time)))).Text);
    }

    [Theory]
    [InlineData(-23)]
    [InlineData(0)]
    [InlineData(0.05)]
    public async Task Event_time_within_the_tolerance_gets_no_warning(double hours) =>
        Assert.Empty(await WarningsAsync(("eventTime", Quoted(TimeProvider.System.GetUtcNow().AddHours(hours)))));

    [Fact]
    public async Task Attributes_over_the_limits_get_warnings()
    {
        var attributes = Enumerable.Range(0, 49).ToDictionary(index => $"a{index}", _ => "x");
        attributes["value"] = new string('ن', 257);
        attributes[new string('n', 513)] = "x";
        var warnings = await WarningsAsync(("customAttributes", System.Text.Json.JsonSerializer.Serialize(attributes)));

        Assert.Equal(
            [
                "has 51 attributes; Metrix documents a limit of 50",
                "has a value of 514 bytes; Metrix documents a limit of 512",
                "has a name of 513 bytes; Metrix documents a limit of 512",
            ],
            warnings.Select(warning => warning.Text));
    }

    [Fact]
    public async Task Attributes_at_the_limits_get_no_warning()
    {
        var attributes = Enumerable.Range(0, 49).ToDictionary(index => $"a{index}", _ => "x");
        attributes[new string('n', 512)] = new string('ن', 256);

        Assert.Empty(await WarningsAsync(("customAttributes", System.Text.Json.JsonSerializer.Serialize(attributes))));
    }

    [Fact]
    public async Task Only_unknown_slugs_get_a_warning_when_slugs_are_configured()
    {
        var options = TestData.Options();
        options.Slugs["Purchase"] = "Purchase-1";
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        await emulator.SendAcceptedAsync(TestData.CurrentEvent(("eventSlug", "\"Purchase-1\"")));
        await emulator.SendAcceptedAsync(TestData.CurrentEvent(("eventSlug", "\"taqsq\"")));

        Assert.Empty(emulator.Events[0].Warnings);
        Assert.Equal(
            "eventSlug is not one of the slugs that this emulator knows",
            Assert.Single(emulator.Events[1].Warnings).ToString());
    }

    [Fact]
    public async Task Events_list_of_the_API_contains_the_warnings()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.SendAcceptedAsync(TestData.CurrentEvent(("eventSlug", "\"Purchase\"")));
        var warning = Assert.Single(
            Assert.Single(await emulator.ListAsync("api/events")).GetProperty("warnings").EnumerateArray());

        Assert.Equal("eventSlug", warning.GetProperty("field").GetString());
        Assert.Equal(emulator.Events[0].Warnings[0].ToString(), warning.GetProperty("text").GetString());
    }

    private static string Quoted(DateTimeOffset time) =>
        $"\"{time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}\"";

    private static async Task<IReadOnlyList<EmulatorWarning>> WarningsAsync(
        params (string Name, string? Json)[] changes)
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.SendAcceptedAsync(TestData.CurrentEvent(changes));
        return emulator.Events[0].Warnings;
    }
}
