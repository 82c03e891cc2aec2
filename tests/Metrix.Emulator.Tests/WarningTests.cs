using System.Globalization;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class WarningTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_is_all_right_has_none()
    {
        Assert.Empty(await WarningsAsync(
            ("customAttributes", """{"_currency":"IRR","OrderId":"12345","order_id":"12345","ID":"1","Phone":"09121234567","Zip":"12","City":"تهران","empty":""}"""),
            ("customMetrics", """{"_revenue":12.5}""")));
    }

    [Theory]
    [InlineData("advertisingId", "\"00000000-0000-0000-0000-000000000000\"", "advertisingId", "is all zeros")]
    [InlineData("eventSlug", "\"Purchase\"", "eventSlug", "is not of the known shape")]
    [InlineData("eventSlug", "\"taqs1\"", "eventSlug", "is not of the known shape")]
    [InlineData("eventTime", null, "eventTime", "is missing: Metrix takes the moment of receipt")]
    [InlineData("eventTime", "\"1559047522\"", "eventTime", "looks like seconds: as milliseconds it is 1970-01-19")]
    [InlineData("eventTime", "\"1559047522000000\"", "eventTime", "has 16 digits: more than milliseconds have")]
    [InlineData("eventTime", "\"99999999999999999999\"", "eventTime", "has 20 digits: more than milliseconds have")]
    [InlineData("customAttributes", "{\"Amount\":\"130.5\"}", "customAttributes.Amount", "is a number sent as text")]
    [InlineData("customAttributes", "{\"Paid\":\"130\"}", "customAttributes.Paid", "is a number sent as text")]
    [InlineData("customAttributes", "{\"Count\":\"-3\"}", "customAttributes.Count", "is a number sent as text")]
    [InlineData("customAttributes", "{\"_currency\":\"Toman\"}", "customAttributes._currency", "is none of the currencies")]
    [InlineData("customMetrics", "{\"_revenue\":1}", "customMetrics._revenue", "has no currency")]
    public async Task What_passes_but_looks_wrong_is_remarked_on_at_its_field(
        string field, string? json, string at, string text)
    {
        var warning = Assert.Single(await WarningsAsync((field, json)));

        Assert.Equal(at, warning.Field);
        Assert.StartsWith(text, warning.Text);
        Assert.NotEmpty(warning.Advice);
        Assert.StartsWith($"{at} {text}", warning.ToString());
    }

    [Fact]
    public async Task An_all_zero_idfa_is_remarked_on()
    {
        var warnings = await WarningsAsync(
            ("advertisingId", null), ("idfa", "\"00000000-0000-0000-0000-000000000000\""));

        Assert.Equal("idfa", Assert.Single(warnings).Field);
    }

    [Theory]
    [InlineData(-25, "is 25 hours before it arrived")]
    [InlineData(-72, "is 3 days before it arrived")]
    [InlineData(1, "is 60 minutes ahead of this machine's clock")]
    public async Task A_time_far_from_now_is_remarked_on(double hours, string text)
    {
        // A little more, so that the moments between writing and arriving do not matter.
        var time = DateTimeOffset.UtcNow.AddHours(hours).AddSeconds(5);

        Assert.Equal(text, Assert.Single(await WarningsAsync(("eventTime", Quoted(time)))).Text);
    }

    [Theory]
    [InlineData(-23)]
    [InlineData(0)]
    [InlineData(0.05)]
    public async Task A_time_that_an_outage_or_a_clock_explains_is_not(double hours) =>
        Assert.Empty(await WarningsAsync(("eventTime", Quoted(DateTimeOffset.UtcNow.AddHours(hours)))));

    [Fact]
    public async Task Attributes_over_the_limits_are_remarked_on()
    {
        var attributes = Enumerable.Range(0, 49).ToDictionary(index => $"a{index}", _ => "x");
        attributes["value"] = new string('ن', 257);
        attributes[new string('n', 513)] = "x";
        var warnings = await WarningsAsync(("customAttributes", System.Text.Json.JsonSerializer.Serialize(attributes)));

        Assert.Equal(
            [
                "has 51 attributes: Metrix states a limit of 50",
                "has a value of 514 bytes: Metrix states a limit of 512",
                "has a name of 513 bytes: Metrix states a limit of 512",
            ],
            warnings.Select(warning => warning.Text));
    }

    [Fact]
    public async Task Attributes_at_the_limits_are_not()
    {
        var attributes = Enumerable.Range(0, 49).ToDictionary(index => $"a{index}", _ => "x");
        attributes[new string('n', 512)] = new string('ن', 256);

        Assert.Empty(await WarningsAsync(("customAttributes", System.Text.Json.JsonSerializer.Serialize(attributes))));
    }

    [Fact]
    public async Task An_emulator_that_was_told_of_the_slugs_warns_of_others_only()
    {
        var options = TestData.Options();
        options.Slugs["Purchase"] = "Purchase-1";
        await using var emulator = await MetrixEmulator.StartAsync(options, Cancel);
        await emulator.AcceptsAsync(TestData.EventNow(("eventSlug", "\"Purchase-1\"")));
        await emulator.AcceptsAsync(TestData.EventNow(("eventSlug", "\"taqsq\"")));

        Assert.Empty(emulator.Events[0].Warnings);
        Assert.Equal(
            "eventSlug is none of the slugs that this emulator was told of",
            Assert.Single(emulator.Events[1].Warnings).ToString());
    }

    [Fact]
    public async Task Warnings_are_in_the_list_of_the_API()
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.AcceptsAsync(TestData.EventNow(("eventSlug", "\"Purchase\"")));
        var warning = Assert.Single(
            Assert.Single(await emulator.ListAsync("api/events")).GetProperty("warnings").EnumerateArray());

        Assert.Equal("eventSlug", warning.GetProperty("field").GetString());
        Assert.Equal(emulator.Events[0].Warnings[0].ToString(), warning.GetProperty("text").GetString());
    }

    private static string Quoted(DateTimeOffset time) =>
        $"\"{time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}\"";

    private static async Task<IReadOnlyList<EmulatorWarning>> WarningsAsync(params (string Name, string? Json)[] changes)
    {
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(), Cancel);
        await emulator.AcceptsAsync(TestData.EventNow(changes));
        return emulator.Events[0].Warnings;
    }
}
