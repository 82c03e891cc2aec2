using Metrix.Client;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Configuration;

/// <summary>
/// Tests that an invalid setting stops the application at startup, wherever the setting is written, with a message that
/// names the setting and shows a valid value.
/// </summary>
public class BadSettingsTests
{
    private const string SecretKey = "s3cret-dev-key";

    public static TheoryData<string, string, string> BadValues { get; } = new()
    {
        { "Endpoint", "\"analytics.metrix.ir\"", "\"endpoint\": \"https://analytics.metrix.ir\"" },
        { "Endpoint", "\"ftp://analytics.metrix.ir\"", "\"endpoint\": \"https://analytics.metrix.ir\"" },
        { "Endpoint", "\"https://user:secret@analytics.metrix.ir\"", "\"endpoint\": \"https://analytics.metrix.ir\"" },
        { "Endpoint", "\"https://analytics.metrix.ir/?a=b\"", "\"endpoint\": \"https://analytics.metrix.ir\"" },
        { "Slugs", "{ \"Purchase\": \"\" }", "\"slugs\": { \"Purchase\": \"taqsq\" }" },
        { "Slugs", "{ \"Purchase\": \" \" }", "\"slugs\": { \"Purchase\": \"taqsq\" }" },
        { "Slugs", "{ \"Purchase\": { \"Slugg\": \"taqsq\" } }", "\"slugs\": { \"Purchase\": \"taqsq\" }" },
        { "Fields", "{ \"metrixUserID2\": \"CustomerId\" }", "Did you mean \"metrixUserId\"?" },
        { "Fields", "{ \"idfa\": \"\" }", "\"fields\": { \"metrixUserId\": \"CustomerMetrixId\" }" },
        { "Attributes", "[ \"Order*Id\" ]", "\"attributes\": [ \"OrderId\" ]" },
        { "Exclude", "[ \"\" ]", "\"exclude\": [ \"Internal*\" ]" },
        { "EventTimeUnit", "\"Minutes\"", "\"eventTimeUnit\": \"Milliseconds\"" },
        { "EventTimeUnit", "\"1\"", "\"eventTimeUnit\": \"Milliseconds\"" },
        { "EventTimeUnit", "\"Milliseconds,Seconds\"", "\"eventTimeUnit\": \"Milliseconds\"" },
        { "Period", "\"2\"", "\"period\": \"00:00:02\"" },
        { "Period", "2", "\"period\": \"00:00:02\"" },
        { "Period", "\"2 s\"", "\"period\": \"00:00:02\"" },
        { "Period", "\"02:00:00\"", "\"period\": \"00:00:02\"" },
        { "Period", "\"00:00:00\"", "\"period\": \"00:00:02\"" },
        { "BatchSizeLimit", "0", "\"batchSizeLimit\": 500" },
        { "BatchSizeLimit", "\"many\"", "\"batchSizeLimit\": 500" },
        { "QueueLimit", "0", "\"queueLimit\": 100000" },
        { "QueueLimit", "-1", "\"queueLimit\": 100000" },
        { "QueueLimit", "99999999999", "\"queueLimit\": 100000" },
        { "OutboxSizeLimit", "0", "\"outboxSizeLimit\": 67108864" },
        { "MaxInFlight", "0", "\"maxInFlight\": 64" },
        { "RequestTimeout", "\"10\"", "\"requestTimeout\": \"00:00:10\"" },
        { "RequestTimeout", "\"00:00:00\"", "\"requestTimeout\": \"00:00:10\"" },
        { "RetryTimeLimit", "\"72\"", "\"retryTimeLimit\": \"01:00:00\"" },
        { "RetryTimeLimit", "\"60.00:00:00\"", "\"retryTimeLimit\": \"01:00:00\"" },
        { "FlushTimeout", "\"00:00:00\"", "\"flushTimeout\": \"00:00:08\"" },
        { "DevKey", "\"first\\nsecond\"", "\"devKey\": \"your-dev-key\"" },
        { "DevKey", "\"\"", "\"devKey\": \"your-dev-key\"" },
        { "AppId", "\"\"", "\"appId\": \"your-app-id\"" },
        { "AppId", "\"a\\r\\nb\"", "\"appId\": \"your-app-id\"" },
        {
            "Apps",
            "{ \"android\": { \"appId\": \"a\", \"devKey\": \"k\" } }",
            "both Apps and AppId or DevKey are set"
        },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public void An_invalid_value_in_the_section_throws_with_the_setting_and_a_valid_value(
        string setting, string value, string hint)
    {
        var message = AppSettings.StartupErrorOf(
            $$"""
            { "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { {{OtherRequiredSettings(setting)}} "{{setting}}": {{value}} } }
            """);
        AssertExplains(message, setting, hint);
    }

    [Theory]
    [MemberData(nameof(BadValues))]
    public void An_invalid_argument_throws_with_the_setting_and_a_valid_value(
        string setting, string value, string hint)
    {
        var message = AppSettings.StartupErrorOf(
            $$"""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                {{OtherRequiredSettings(setting)}}
                "{{char.ToLowerInvariant(setting[0])}}{{setting[1..]}}": {{value}} } } ] } }
            """);
        AssertExplains(message, setting, hint);
    }

    [Fact]
    public void A_missing_app_id_throws_with_an_example()
    {
        Assert.Contains(
            "\"appId\": \"your-app-id\"",
            AppSettings.StartupErrorOf("""{ "Serilog": { "WriteTo": [ "Metrix" ] } }"""));
        Assert.Contains(
            "AppId is missing",
            AppSettings.StartupErrorOf(
                """{ "Serilog": { "WriteTo": [ "Metrix" ] }, "Metrix": { "DevKey": "s3cret-dev-key" } }"""));
    }

    [Fact]
    public void An_app_without_a_key_throws_with_the_name_of_the_app() => Assert.Contains(
        "the app \"ios\": DevKey is missing",
        AppSettings.StartupErrorOf(
            """{ "Serilog": { "WriteTo": [ "Metrix" ] }, "Metrix": { "Apps": { "ios": { "AppId": "a" } } } }"""));

    [Theory]
    [InlineData("Perod", "Did you mean \"Period\"?")]
    [InlineData("AppID2", "Did you mean \"AppId\"?")]
    [InlineData("Slug", "Did you mean \"Slugs\"?")]
    [InlineData("Xyzzy", "Known names: AppId, DevKey, Endpoint,")]
    public void An_unknown_key_in_the_section_throws_with_a_hint(string key, string hint)
    {
        var message = AppSettings.StartupErrorOf(
            $$"""
            { "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { "AppId": "a", "DevKey": "s3cret-dev-key", "{{key}}": "x" } }
            """);
        AssertExplains(message, key, hint);
    }

    [Fact]
    public void An_unknown_key_of_an_app_throws_with_a_hint() => Assert.Contains(
        "Did you mean \"DevKey\"?",
        AppSettings.StartupErrorOf(
            """
            { "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { "Apps": { "ios": { "AppId": "a", "DevKy": "s3cret-dev-key" } } } }
            """));

    [Theory]
    [InlineData("perod", "Did you mean \"Period\"?")]
    [InlineData("restrictToMinimumLevel", "Did you mean \"RestrictedToMinimumLevel\"?")]
    public void An_unknown_argument_throws_with_a_hint_although_Serilog_ignores_it(string argument, string hint)
    {
        var message = AppSettings.StartupErrorOf(
            $$"""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                "appId": "a", "devKey": "s3cret-dev-key", "{{argument}}": "x" } } ] } }
            """);
        AssertExplains(message, argument, hint);
    }

    [Fact]
    public void An_unknown_argument_of_a_nested_sink_throws_with_a_hint()
    {
        var message = AppSettings.StartupErrorOf(
            """
            { "Serilog": { "WriteTo": [ { "Name": "FallbackChain", "Args": {
                "configureSink": [
                    { "Name": "Metrix", "Args": { "appId": "a", "devKey": "s3cret-dev-key", "perod": "x" } } ],
                "configureFallback": [ { "Name": "Logger", "Args": { "configureLogger": {} } } ] } } ] } }
            """);
        AssertExplains(message, "perod", "Did you mean \"Period\"?");
    }

    [Theory]
    [InlineData("Informtion")]
    [InlineData("2")]
    public void An_unknown_level_throws_with_an_example(string level)
    {
        var message = AppSettings.StartupErrorOf(
            $$"""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                "appId": "a", "devKey": "s3cret-dev-key", "restrictedToMinimumLevel": "{{level}}" } } ] } }
            """);
        AssertExplains(message, "RestrictedToMinimumLevel", "\"restrictedToMinimumLevel\": \"Information\"");
    }

    [Fact]
    public void An_object_named_Metrix_outside_of_the_sinks_is_ignored() =>
        new LoggerConfiguration().ReadFrom.Configuration(AppSettings.From(
            """
            { "Vendors": [ { "Name": "Metrix", "Args": { "foo": 1 } } ], "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { "AppId": "a", "DevKey": "s3cret-dev-key" } }
            """)).CreateLogger().Dispose();

    [Fact]
    public void One_exception_lists_all_invalid_settings()
    {
        var message = AppSettings.StartupErrorOf(
            """
            { "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { "MaxInFlight": 0, "Period": "23:00:00", "Slugs": { "A": "" } } }
            """);
        Assert.All(["AppId", "MaxInFlight", "Period", "Slugs"], setting => Assert.Contains($"- {setting}", message));
    }

    [Fact]
    public void An_invalid_value_in_code_throws_with_the_setting_and_a_valid_value()
    {
        AssertExplains(
            MessageOf(() => new LoggerConfiguration().WriteTo.Metrix("a", SecretKey, period: TimeSpan.FromDays(2))),
            "Period", "\"period\": \"00:00:02\"");
        AssertExplains(
            MessageOf(() => new LoggerConfiguration().WriteTo.Metrix("a", SecretKey, queueLimit: 0)),
            "QueueLimit", "\"queueLimit\": 100000");
        AssertExplains(
            MessageOf(() => new LoggerConfiguration().WriteTo.Metrix(
                "a", SecretKey, endpoint: new Uri("/x", UriKind.Relative))),
            "Endpoint", "\"endpoint\": \"https://analytics.metrix.ir\"");
        AssertExplains(
            MessageOf(() => new LoggerConfiguration().WriteTo.Metrix(
                options => (options.AppId, options.DevKey, options.EventTimeUnit) =
                    ("a", SecretKey, (MetrixEventTimeUnit)7))),
            "EventTimeUnit", "\"eventTimeUnit\": \"Milliseconds\"");
    }

    private static string OtherRequiredSettings(string setting) => setting switch
    {
        "AppId" => $"\"devKey\": \"{SecretKey}\",",
        "DevKey" => "\"appId\": \"a\",",
        _ => $"\"appId\": \"a\", \"devKey\": \"{SecretKey}\",",
    };

    private static string MessageOf(Action configure) => Assert.Throws<ArgumentException>(configure).Message;

    private static void AssertExplains(string message, string setting, string hint)
    {
        Assert.Contains(setting, message);
        Assert.Contains(hint, message);
        Assert.DoesNotContain(SecretKey, message);
        Assert.DoesNotContain("secret@", message);
    }
}
