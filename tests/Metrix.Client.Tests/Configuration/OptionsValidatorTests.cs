using Metrix.Client.Configuration;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Configuration;

public class OptionsValidatorTests
{
    private static readonly Dictionary<string, (Action<MetrixOptions> Break, string Setting, string Right)> Impossible = new()
    {
        ["an app id that is missing"] = (o => o.AppId = null, "AppId", "\"appId\": \"your-app-id\""),
        ["an app id that is blank"] = (o => o.AppId = " ", "AppId", "\"appId\": \"your-app-id\""),
        ["an app id with a line break"] = (o => o.AppId = "a\nb", "AppId", "\"appId\": \"your-app-id\""),
        ["a key that is missing"] = (o => o.DevKey = null, "DevKey", "\"devKey\": \"your-dev-key\""),
        ["a key that is blank"] = (o => o.DevKey = "", "DevKey", "\"devKey\": \"your-dev-key\""),
        ["a key with a line break"] = (o => o.DevKey = TestData.DevKey + "\r\n", "DevKey", "\"devKey\": \"your-dev-key\""),
        ["a key with a space"] = (o => o.DevKey = "Bearer " + TestData.DevKey, "DevKey", "\"devKey\": \"your-dev-key\""),
        ["a key in Persian"] = (o => o.DevKey = TestData.DevKey + "ی", "DevKey", "\"devKey\": \"your-dev-key\""),
        ["no app at all"] = (o => (o.AppId, o.DevKey) = (null, null), "AppId", "\"appId\": \"your-app-id\""),
        ["an app of Apps without a key"] = (o => UseApps(o, new() { AppId = "a" }), "Apps", "\"apps\": { \"android\": "),
        ["an app of Apps without an id"] = (o => UseApps(o, new() { DevKey = TestData.DevKey }), "Apps", "\"apps\": { \"android\": "),
        ["an app of Apps with a key with a line break"] =
            (o => UseApps(o, new() { AppId = "a", DevKey = TestData.DevKey + "\n" }), "Apps", "\"apps\": { \"android\": "),
        ["an app of Apps that is null"] = (o => UseApps(o, null!), "Apps", "\"apps\": { \"android\": "),
        ["an app of Apps without a name"] =
            (o => UseApps(o, new() { AppId = "a", DevKey = TestData.DevKey }, ""), "Apps", "\"apps\": { \"android\": "),
        ["no endpoint"] = (o => o.Endpoint = null!, "Endpoint", "\"endpoint\": \"https://analytics.metrix.ir\""),
        ["an endpoint of files"] = (o => o.Endpoint = new("ftp://metrix.ir"), "Endpoint", "\"endpoint\": \"https://"),
        ["an endpoint without a scheme"] = (o => o.Endpoint = new("localhost:80"), "Endpoint", "\"endpoint\": \"https://"),
        ["a relative endpoint"] = (o => o.Endpoint = new("/a", UriKind.Relative), "Endpoint", "\"endpoint\": \"https://"),
        ["an endpoint with a user"] =
            (o => o.Endpoint = new($"https://user:{TestData.DevKey}@metrix.ir"), "Endpoint", "\"endpoint\": \"https://"),
        ["an endpoint with a query"] =
            (o => o.Endpoint = new($"https://metrix.ir/?key={TestData.DevKey}"), "Endpoint", "\"endpoint\": \"https://"),
        ["an endpoint with a fragment"] = (o => o.Endpoint = new("https://metrix.ir/#a"), "Endpoint", "\"endpoint\": \"https://"),
        ["a slug that is empty"] = (o => o.Slugs["Purchase"] = "", "Slugs", "\"slugs\": { \"Purchase\": \"taqsq\" }"),
        ["an app id that is a step in a path"] = (o => o.AppId = "..", "AppId", "\"appId\": \"your-app-id\""),
        ["a condition without a value"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { ["Currency"] = [] } }, "Slugs", "\"slugs\": { \"Purchase\": \"taqsq\" }"),
        ["a condition on nothing"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { [" "] = ["IRR"] } }, "Slugs", "\"slugs\": { \"Purchase\": \"taqsq\" }"),
        ["a condition that is half a range"] =
            (o => o.Slugs["Purchase"] = new MetrixEventRule("taqsq") { When = { ["Amount"] = ["100..2x0"] } }, "Slugs", "\"slugs\": { \"Purchase\": \"taqsq\" }"),
        ["a name of a slug that is empty"] = (o => o.Slugs[" "] = "taqsq", "Slugs", "\"slugs\": { \"Purchase\": \"taqsq\" }"),
        ["a field that does not exist"] = (o => o.Fields["metrixUserid1"] = "Id", "Fields", "\"fields\": { \"metrixUserId\""),
        ["a field that is read from nothing"] = (o => o.Fields["idfa"] = "", "Fields", "\"fields\": { \"metrixUserId\""),
        ["a star in the middle"] = (o => o.Exclude.Add("a*b"), "Exclude", "\"exclude\": [ \"Internal*\" ]"),
        ["an empty name to include"] = (o => o.Include.Add(""), "Include", "\"include\": [ \"MachineName\" ]"),
        ["a null among the attributes"] = (o => o.Attributes.Add(null!), "Attributes", "\"attributes\": [ \"OrderId\" ]"),
        ["a unit that does not exist"] =
            (o => o.EventTimeUnit = (MetrixEventTimeUnit)5, "EventTimeUnit", "\"eventTimeUnit\": \"Milliseconds\""),
        ["a period of nothing"] = (o => o.Period = default, "Period", "\"period\": \"00:00:02\""),
        ["a period below nothing"] = (o => o.Period = Timeout.InfiniteTimeSpan, "Period", "\"period\": \"00:00:02\""),
        ["a period of two days"] = (o => o.Period = TimeSpan.FromDays(2), "Period", "\"period\": \"00:00:02\""),
        ["a batch of nothing"] = (o => o.BatchSizeLimit = 0, "BatchSizeLimit", "\"batchSizeLimit\": 500"),
        ["a queue of nothing"] = (o => o.QueueLimit = 0, "QueueLimit", "\"queueLimit\": 100000"),
        ["a queue without end"] = (o => o.QueueLimit = int.MaxValue, "QueueLimit", "\"queueLimit\": 100000"),
        ["an outbox of nothing"] = (o => o.OutboxSizeLimit = 0, "OutboxSizeLimit", "\"outboxSizeLimit\": 67108864"),
        ["an outbox without end"] = (o => o.OutboxSizeLimit = long.MaxValue, "OutboxSizeLimit", "\"outboxSizeLimit\": 67108864"),
        ["nothing in flight"] = (o => o.MaxInFlight = 0, "MaxInFlight", "\"maxInFlight\": 64"),
        ["too much in flight"] = (o => o.MaxInFlight = 1_001, "MaxInFlight", "\"maxInFlight\": 64"),
        ["no time for a request"] = (o => o.RequestTimeout = default, "RequestTimeout", "\"requestTimeout\": \"00:00:10\""),
        ["no end of a request"] =
            (o => o.RequestTimeout = Timeout.InfiniteTimeSpan, "RequestTimeout", "\"requestTimeout\": \"00:00:10\""),
        ["no time to retry"] = (o => o.RetryTimeLimit = default, "RetryTimeLimit", "\"retryTimeLimit\": \"01:00:00\""),
        ["no end of retrying"] = (o => o.RetryTimeLimit = TimeSpan.MaxValue, "RetryTimeLimit", "\"retryTimeLimit\": \"01:00:00\""),
        ["no time to close"] = (o => o.FlushTimeout = default, "FlushTimeout", "\"flushTimeout\": \"00:00:10\""),
        ["no end of closing"] =
            (o => o.FlushTimeout = Timeout.InfiniteTimeSpan, "FlushTimeout", "\"flushTimeout\": \"00:00:10\""),
        ["no clock"] = (o => o.TimeProvider = null!, "TimeProvider", "TimeProvider.System"),
    };

    public static TheoryData<string> ImpossibleSettings() => [.. Impossible.Keys];

    [Theory]
    [MemberData(nameof(ImpossibleSettings))]
    public void What_is_impossible_throws_with_its_name_and_a_right_value(string what)
    {
        var (breakIt, setting, right) = Impossible[what];
        var message = ErrorOf(breakIt);

        Assert.Contains(setting, message);
        Assert.Contains("Example: ", message);
        Assert.Contains(right, message);
        Assert.Single(message.Split("\n  - ").Skip(1));
    }

    [Theory]
    [MemberData(nameof(ImpossibleSettings))]
    public void The_dev_key_stands_in_no_message(string what) =>
        Assert.DoesNotContain(TestData.DevKey, ErrorOf(Impossible[what].Break));

    [Fact]
    public void Both_Apps_and_a_single_app_throw_in_each_way()
    {
        foreach (var key in new Action<MetrixOptions>[] { o => o.AppId = "a", o => o.DevKey = TestData.DevKey })
        {
            var options = TestData.OptionsOf("android");
            key(options);
            var message = Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options)).Message;

            Assert.Contains("both Apps and AppId or DevKey are set", message);
            Assert.DoesNotContain(TestData.DevKey, message);
        }
    }

    [Fact]
    public void All_problems_stand_in_one_message()
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
    public void A_field_that_does_not_exist_throws_with_the_nearest() =>
        Assert.Contains("Did you mean \"metrixUserId\"?", ErrorOf(o => o.Fields["metrixUser"] = "Id"));

    [Fact]
    public void The_least_and_the_most_of_each_limit_are_right()
    {
        OptionsValidator.Validate(TestData.Options());
        OptionsValidator.Validate(TestData.OptionsOf("android", "ios"));
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
    public void A_client_checks_its_settings() =>
        Assert.Throws<ArgumentException>(() => new MetrixClient(new MetrixOptions()));

    private static string ErrorOf(Action<MetrixOptions> breakIt)
    {
        var options = TestData.Options(breakIt);
        return Assert.Throws<ArgumentException>(() => OptionsValidator.Validate(options)).Message;
    }

    private static void UseApps(MetrixOptions options, MetrixAppOptions app, string name = "android")
    {
        (options.AppId, options.DevKey) = (null, null);
        options.Apps[name] = app;
    }
}
