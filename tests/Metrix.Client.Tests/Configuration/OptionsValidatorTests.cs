using Metrix.Client.Configuration;
using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class OptionsValidatorTests
{
    private const string SlugsExample = "\"slugs\": { \"Purchase\": \"taqsq\" }";

    private static readonly
        Dictionary<string, (Action<MetrixOptions> Invalidate, string Setting, string Example)> InvalidOptions = new()
        {
            ["missing app id"] = (o => o.AppId = null, "AppId", "\"appId\": \"your-app-id\""),
            ["blank app id"] = (o => o.AppId = " ", "AppId", "\"appId\": \"your-app-id\""),
            ["app id with a line break"] = (o => o.AppId = "a\nb", "AppId", "\"appId\": \"your-app-id\""),
            ["missing key"] = (o => o.DevKey = null, "DevKey", "\"devKey\": \"your-dev-key\""),
            ["blank key"] = (o => o.DevKey = "", "DevKey", "\"devKey\": \"your-dev-key\""),
            ["key with a line break"] =
            (o => o.DevKey = TestUser.DevKey + "\r\n", "DevKey", "\"devKey\": \"your-dev-key\""),
            ["key with a space"] =
            (o => o.DevKey = "Bearer " + TestUser.DevKey, "DevKey", "\"devKey\": \"your-dev-key\""),
            ["key in Persian"] = (o => o.DevKey = TestUser.DevKey + "ی", "DevKey", "\"devKey\": \"your-dev-key\""),
            ["no app"] = (o => (o.AppId, o.DevKey) = (null, null), "AppId", "\"appId\": \"your-app-id\""),
            ["entry in Apps without a key"] =
            (o => UseApps(o, new() { AppId = "a" }), "Apps", "\"apps\": { \"android\": "),
            ["entry in Apps without an id"] =
            (o => UseApps(o, new() { DevKey = TestUser.DevKey }), "Apps", "\"apps\": { \"android\": "),
            ["entry in Apps whose key has a line break"] =
            (o => UseApps(o, new() { AppId = "a", DevKey = TestUser.DevKey + "\n" }),
                "Apps", "\"apps\": { \"android\": "),
            ["null entry in Apps"] = (o => UseApps(o, null!), "Apps", "\"apps\": { \"android\": "),
            ["entry in Apps without a name"] =
            (o => UseApps(o, new() { AppId = "a", DevKey = TestUser.DevKey }, ""), "Apps", "\"apps\": { \"android\": "),
            ["no endpoint"] = (o => o.Endpoint = null!, "Endpoint", "\"endpoint\": \"https://analytics.metrix.ir\""),
            ["FTP endpoint"] = (o => o.Endpoint = new("ftp://metrix.ir"), "Endpoint", "\"endpoint\": \"https://"),
            ["endpoint without a scheme"] =
            (o => o.Endpoint = new("localhost:80"), "Endpoint", "\"endpoint\": \"https://"),
            ["relative endpoint"] =
            (o => o.Endpoint = new("/a", UriKind.Relative), "Endpoint", "\"endpoint\": \"https://"),
            ["endpoint with user info"] =
            (o => o.Endpoint = new($"https://user:{TestUser.DevKey}@metrix.ir"),
                "Endpoint", "\"endpoint\": \"https://"),
            ["endpoint with a query"] =
            (o => o.Endpoint = new($"https://metrix.ir/?key={TestUser.DevKey}"),
                "Endpoint", "\"endpoint\": \"https://"),
            ["endpoint with a fragment"] =
            (o => o.Endpoint = new("https://metrix.ir/#a"), "Endpoint", "\"endpoint\": \"https://"),
            ["empty slug"] = (o => o.Slugs["Purchase"] = "", "Slugs", SlugsExample),
            ["app id that is a path segment"] = (o => o.AppId = "..", "AppId", "\"appId\": \"your-app-id\""),
            ["condition without a value"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { ["Currency"] = [] } },
                "Slugs", SlugsExample),
            ["condition without a property name"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { [" "] = ["IRR"] } },
                "Slugs", SlugsExample),
            ["condition with an incomplete range"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { ["Amount"] = ["100..2x0"] } },
                "Slugs", SlugsExample),
            ["blank event name"] = (o => o.Slugs[" "] = "taqsq", "Slugs", SlugsExample),
            ["unknown field"] = (o => o.Fields["metrixUserid1"] = "Id", "Fields", "\"fields\": { \"metrixUserId\""),
            ["field with an empty property name"] =
            (o => o.Fields["idfa"] = "", "Fields", "\"fields\": { \"metrixUserId\""),
            ["wildcard in the middle"] = (o => o.Exclude.Add("a*b"), "Exclude", "\"exclude\": [ \"Internal*\" ]"),
            ["empty name in Include"] = (o => o.Include.Add(""), "Include", "\"include\": [ \"MachineName\" ]"),
            ["null in Attributes"] = (o => o.Attributes.Add(null!), "Attributes", "\"attributes\": [ \"OrderId\" ]"),
            ["unknown time unit"] =
            (o => o.EventTimeUnit = (MetrixEventTimeUnit)5, "EventTimeUnit", "\"eventTimeUnit\": \"Milliseconds\""),
            ["zero period"] = (o => o.Period = default, "Period", "\"period\": \"00:00:02\""),
            ["negative period"] = (o => o.Period = Timeout.InfiniteTimeSpan, "Period", "\"period\": \"00:00:02\""),
            ["period of two days"] = (o => o.Period = TimeSpan.FromDays(2), "Period", "\"period\": \"00:00:02\""),
            ["zero batch size"] = (o => o.BatchSizeLimit = 0, "BatchSizeLimit", "\"batchSizeLimit\": 500"),
            ["zero queue limit"] = (o => o.QueueLimit = 0, "QueueLimit", "\"queueLimit\": 100000"),
            ["queue limit too large"] = (o => o.QueueLimit = int.MaxValue, "QueueLimit", "\"queueLimit\": 100000"),
            ["zero outbox size"] = (o => o.OutboxSizeLimit = 0, "OutboxSizeLimit", "\"outboxSizeLimit\": 67108864"),
            ["outbox size too large"] =
            (o => o.OutboxSizeLimit = long.MaxValue, "OutboxSizeLimit", "\"outboxSizeLimit\": 67108864"),
            ["zero requests in flight"] = (o => o.MaxInFlight = 0, "MaxInFlight", "\"maxInFlight\": 64"),
            ["too many requests in flight"] = (o => o.MaxInFlight = 1_001, "MaxInFlight", "\"maxInFlight\": 64"),
            ["zero request timeout"] =
            (o => o.RequestTimeout = default, "RequestTimeout", "\"requestTimeout\": \"00:00:10\""),
            ["infinite request timeout"] =
            (o => o.RequestTimeout = Timeout.InfiniteTimeSpan, "RequestTimeout", "\"requestTimeout\": \"00:00:10\""),
            ["zero retry time limit"] =
            (o => o.RetryTimeLimit = default, "RetryTimeLimit", "\"retryTimeLimit\": \"01:00:00\""),
            ["retry time limit too large"] =
            (o => o.RetryTimeLimit = TimeSpan.MaxValue, "RetryTimeLimit", "\"retryTimeLimit\": \"01:00:00\""),
            ["zero flush timeout"] = (o => o.FlushTimeout = default, "FlushTimeout", "\"flushTimeout\": \"00:00:08\""),
            ["infinite flush timeout"] =
            (o => o.FlushTimeout = Timeout.InfiniteTimeSpan, "FlushTimeout", "\"flushTimeout\": \"00:00:08\""),
            ["no clock"] = (o => o.TimeProvider = null!, "TimeProvider", "TimeProvider.System"),
        };

    public static TheoryData<string> InvalidOptionNames() => [.. InvalidOptions.Keys];

    [Theory]
    [MemberData(nameof(InvalidOptionNames))]
    public void An_invalid_setting_throws_with_its_name_and_a_valid_example(string name)
    {
        var (invalidate, setting, example) = InvalidOptions[name];
        var message = ErrorOf(invalidate);

        Assert.Contains(setting, message);
        Assert.Contains("Example: ", message);
        Assert.Contains(example, message);
        Assert.Single(message.Split("\n  - ").Skip(1));
    }

    [Theory]
    [MemberData(nameof(InvalidOptionNames))]
    public void The_message_does_not_contain_the_dev_key(string name) =>
        Assert.DoesNotContain(TestUser.DevKey, ErrorOf(InvalidOptions[name].Invalidate));

    [Fact]
    public void Apps_together_with_AppId_or_DevKey_throws()
    {
        foreach (var key in new Action<MetrixOptions>[] { o => o.AppId = "a", o => o.DevKey = TestUser.DevKey })
        {
            var options = TestData.OptionsForApps("android");
            key(options);
            var message = Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options)).Message;

            Assert.Contains("both Apps and AppId or DevKey are set", message);
            Assert.DoesNotContain(TestUser.DevKey, message);
        }
    }

    [Fact]
    public void All_problems_are_in_one_message()
    {
        var message = ErrorOf(o =>
        {
            o.DevKey = "a b";
            o.Period = default;
            o.MaxInFlight = 0;
            o.Slugs["Purchase"] = "";
        });

        Assert.Equal(4, message.Split("\n  - ").Length - 1);
    }

    [Fact]
    public void An_unknown_field_throws_with_the_nearest_field_name() =>
        Assert.Contains("Did you mean \"metrixUserId\"?", ErrorOf(o => o.Fields["metrixUser"] = "Id"));

    [Fact]
    public void The_minimum_and_the_maximum_of_each_limit_are_valid()
    {
        OptionsValidator.Validate(TestData.Options());
        OptionsValidator.Validate(TestData.OptionsForApps("android", "ios"));
        OptionsValidator.Validate(TestData.Options(o =>
        {
            o.Period = o.RequestTimeout = TimeSpan.FromMilliseconds(10);
            o.BatchSizeLimit = o.QueueLimit = o.MaxInFlight = 1;
            o.OutboxSizeLimit = 64 * 1024;
            o.RetryTimeLimit = TimeSpan.FromSeconds(1);
            o.FlushTimeout = TimeSpan.FromMilliseconds(1);
        }));
        OptionsValidator.Validate(TestData.Options(o =>
        {
            o.Period = o.FlushTimeout = TimeSpan.FromHours(1);
            o.RequestTimeout = TimeSpan.FromMinutes(10);
            o.BatchSizeLimit = 100_000;
            o.QueueLimit = 10_000_000;
            o.MaxInFlight = 1_000;
            o.OutboxSizeLimit = 1L << 40;
            o.RetryTimeLimit = TimeSpan.FromDays(30);
        }));
    }

    [Fact]
    public void The_client_constructor_validates_its_options() =>
        Assert.Throws<ArgumentException>(() => new MetrixClient(new MetrixOptions()));

    private static string ErrorOf(Action<MetrixOptions> invalidate)
    {
        var options = TestData.Options(invalidate);
        return Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options)).Message;
    }

    private static void UseApps(MetrixOptions options, MetrixAppOptions app, string name = "android")
    {
        (options.AppId, options.DevKey) = (null, null);
        options.Apps[name] = app;
    }
}
