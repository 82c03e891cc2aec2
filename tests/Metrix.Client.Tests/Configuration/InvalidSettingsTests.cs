using Metrix.Client.Configuration;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

/// <summary>Tests configuration that cannot be read.</summary>
public class InvalidSettingsTests
{
    [Theory]
    [InlineData("Period", "2", "\"period\": \"00:00:02\"")]
    [InlineData("Period", "2s", "\"period\": \"00:00:02\"")]
    [InlineData("Period", "", "\"period\": \"00:00:02\"")]
    [InlineData("Period", null, "\"period\": \"00:00:02\"")]
    [InlineData("Period", "00:00:61", "\"period\": \"00:00:02\"")]
    [InlineData("RequestTimeout", "10", "\"requestTimeout\": \"00:00:10\"")]
    [InlineData("RetryTimeLimit", "1", "\"retryTimeLimit\": \"01:00:00\"")]
    [InlineData("FlushTimeout", "ten", "\"flushTimeout\": \"00:00:08\"")]
    [InlineData("DetectCaptivePortal", "0", "\"detectCaptivePortal\": true")]
    [InlineData("BatchSizeLimit", "0", "\"batchSizeLimit\": 500")]
    [InlineData("BatchSizeLimit", "many", "\"batchSizeLimit\": 500")]
    [InlineData("BatchSizeLimit", "1.5", "\"batchSizeLimit\": 500")]
    [InlineData("BatchSizeLimit", "4294967297", "\"batchSizeLimit\": 500")]
    [InlineData("QueueLimit", "0", "\"queueLimit\": 100000")]
    [InlineData("QueueLimit", "-1", "\"queueLimit\": 100000")]
    [InlineData("QueueLimit", null, "\"queueLimit\": 100000")]
    [InlineData("QueueLimit", "99999999999999999999", "\"queueLimit\": 100000")]
    [InlineData("OutboxSizeLimit", "0", "\"outboxSizeLimit\": 67108864")]
    [InlineData("MaxInFlight", "0", "\"maxInFlight\": 64")]
    [InlineData("MaxInFlight", "۶۴", "\"maxInFlight\": 64")]
    [InlineData("Endpoint", "analytics.metrix.ir", "\"endpoint\": \"https://analytics.metrix.ir\"")]
    [InlineData("Endpoint", "", "\"endpoint\": \"https://analytics.metrix.ir\"")]
    [InlineData("EventTimeUnit", "Minutes", "\"eventTimeUnit\": \"Milliseconds\"")]
    [InlineData("EventTimeUnit", "1", "\"eventTimeUnit\": \"Milliseconds\"")]
    [InlineData("EventTimeUnit", "", "\"eventTimeUnit\": \"Milliseconds\"")]
    [InlineData("AppId", null, "\"appId\": \"your-app-id\"")]
    [InlineData("AppId:Value", "x", "\"appId\": \"your-app-id\"")]
    [InlineData("DevKey:Value", "x", "\"devKey\": \"your-dev-key\"")]
    [InlineData("Slugs", "taqsq", "\"slugs\": { \"Purchase\": \"taqsq\" }")]
    [InlineData("Slugs:Purchase", null, "\"slugs\": { \"Purchase\": \"taqsq\" }")]
    [InlineData("Slugs:Purchase:Slugg", "taqsq", "\"slugs\": { \"Purchase\": \"taqsq\" }")]
    [InlineData("Slugs:Purchase:When:Currency", "IRR", "\"slugs\": { \"Purchase\": \"taqsq\" }")]
    [InlineData("Attributes", "OrderId", "\"attributes\": [ \"OrderId\" ]")]
    [InlineData("Include", "MachineName", "\"include\": [ \"MachineName\" ]")]
    [InlineData("Exclude", "Internal*", "\"exclude\": [ \"Internal*\" ]")]
    [InlineData("Apps:android:AppIdd", "x", "\"apps\": { \"android\": ")]
    [InlineData("Apps:android", "a-dev-key-perhaps", "\"apps\": { \"android\": ")]
    [InlineData("Apps:android:AppId", null, "\"apps\": { \"android\": ")]
    public void A_value_that_does_not_parse_throws_with_the_setting_name_and_a_valid_example(
        string path, string? value, string example)
    {
        var message = ErrorOf((path, value));

        Assert.Contains($"{path.Split(':')[0]}: ", message);
        Assert.Contains($"Example: {example}", message);
        Assert.DoesNotContain("a-dev-key-perhaps", message);
    }

    [Theory]
    [InlineData("AppIdd", "\"AppId\"")]
    [InlineData("devkye", "\"DevKey\"")]
    [InlineData("EndPoints", "\"Endpoint\"")]
    [InlineData("batchsizelimt", "\"BatchSizeLimit\"")]
    [InlineData("Slug:Purchase", "\"Slugs\"")]
    [InlineData("MaxInFlights", "\"MaxInFlight\"")]
    public void An_unknown_setting_throws_with_the_nearest_name(string path, string nearest) =>
        Assert.Contains($"{path.Split(':')[0]}: unknown setting. Did you mean {nearest}?", ErrorOf((path, "x")));

    [Fact]
    public void An_unknown_setting_without_a_near_name_throws_with_all_names()
    {
        var message = ErrorOf(("Zzzzzz", "x"));

        Assert.All(MetrixSettings.All, setting => Assert.Contains(setting.Name, message));
    }

    [Fact]
    public void An_unknown_setting_of_an_app_throws_with_the_nearest_name() =>
        Assert.Contains(
            "\"Apps:android:AppIdd\" is unknown. Did you mean \"AppId\"?", ErrorOf(("Apps:android:AppIdd", "x")));

    [Fact]
    public void All_problems_are_in_one_message()
    {
        var message = ErrorOf(("Period", "2"), ("QueueLimit", "0"), ("Endpiont", "x"), ("Slugs", "taqsq"));

        Assert.Equal(4, message.Split("\n  - ").Length - 1);
        Assert.All(["Period: ", "QueueLimit: ", "Endpiont: ", "Slugs: "], name => Assert.Contains(name, message));
    }

    [Fact]
    public void The_message_contains_the_configuration_path()
    {
        var message = ErrorOf(("Period", "2"), ("Endpiont", "x"));

        Assert.Contains("- Metrix:Period: ", message);
        Assert.Contains("- Metrix:Endpiont: ", message);
    }

    [Fact]
    public void The_message_contains_only_the_name_when_the_section_is_empty() =>
        Assert.StartsWith("Period: ", Assert.Single(SettingsReader.Read(new MetrixOptions(), "", ("Period", "2"))));

    [Theory]
    [InlineData("DevKey:Value")]
    [InlineData("DevKeyy")]
    [InlineData("Apps:android:DevKeyy")]
    [InlineData("Apps:android:DevKey:Value")]
    public void The_message_does_not_contain_the_dev_key(string path) =>
        Assert.DoesNotContain(TestUser.DevKey, ErrorOf((path, TestUser.DevKey)));

    private static string ErrorOf(params (string Name, string? Value)[] pairs)
    {
        var options = TestData.Options();
        var problems = SettingsReader.Read(options, "Metrix", pairs);
        return Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options, problems)).Message;
    }
}
