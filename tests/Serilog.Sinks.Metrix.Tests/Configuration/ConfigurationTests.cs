using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Configuration;

/// <summary>
/// Tests that the text of an appsettings.json alone enables the sink in an application that only knows Serilog.
/// </summary>
[Collection(SelfLogCollection.Name)]
public class ConfigurationTests
{
    private const string Section =
        """
        { "Serilog": { "Enrich": [ "FromLogContext" ], "WriteTo": [ "Metrix" ] },
          "Metrix": { "AppId": "APPID", "DevKey": "dev-key-of-the-shop", "Endpoint": "ENDPOINT",
                      "Slugs": { "Purchase": "taqsq", "Refund": "qzrtw" },
                      "Attributes": [ "OrderId" ] } }
        """;

    [Fact]
    public async Task A_section_alone_enables_the_sink()
    {
        await using var shop = await Shop.StartAsync(Section);
        shop.UserLogger.Information("<@Purchase> {OrderId} {Amount}", 12345, 130.5);

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", purchase.EventSlug);
        Assert.Equal("12345", purchase.CustomAttributes["OrderId"]);
        Assert.Equal(130.5, purchase.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task Arguments_alone_enable_the_sink()
    {
        await using var shop = await Shop.StartAsync(
            """
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                "appId": "APPID", "devKey": "dev-key-of-the-shop", "endpoint": "ENDPOINT",
                "slugs": { "Purchase": "taqsq" }, "fields": { "metrixUserId": "Customer" },
                "attributes": [ "OrderId" ], "exclude": [ "*" ], "include": [ "OrderId", "Am*" ],
                "eventTimeUnit": "seconds", "period": "00:00:02", "batchSizeLimit": 500, "queueLimit": 1000,
                "outboxSizeLimit": 1000000, "maxInFlight": 8, "requestTimeout": "00:00:05",
                "retryTimeLimit": "1.00:00:00", "flushTimeout": "00:00:05" } } ] } }
            """);
        shop.UserLogger
            .ForContext("Customer", "u-7").ForContext("Other", "x").ForContext("metrix.event_time", 1790000000123)
            .Information("<@Purchase> {OrderId} {Amount}", 12345, 130.5);

        var purchase = Assert.Single(await shop.CloseAsync());
        Assert.Equal(("taqsq", "u-7", "1790000000"), (purchase.EventSlug, purchase.MetrixUserId, purchase.EventTime));
        Assert.Equal(
            new Dictionary<string, string> { ["OrderId"] = "12345" }, purchase.CustomAttributes.ToDictionary());
        Assert.Equal(["Amount"], purchase.CustomMetrics.Keys);
    }

    [Fact]
    public async Task Arguments_override_the_section()
    {
        await using var shop = await Shop.StartAsync(
            """
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                "appId": "APPID", "slugs": { "Purchase": "fromargs" }, "attributes": [ "Number" ] } } ] },
              "Metrix": { "AppId": "another", "DevKey": "dev-key-of-the-shop", "Endpoint": "ENDPOINT",
                          "Slugs": { "Purchase": "fromsection", "Refund": "kept" }, "Attributes": [ "Amount" ] } }
            """);
        shop.UserLogger.Information("<@Purchase> {Number} {Amount}", 1, 2);
        shop.UserLogger.Information("<@Refund> {Number} {Amount}", 1, 2);

        var events = await shop.CloseAsync();
        Assert.Equal(["fromargs", "kept"], events.Select(e => e.EventSlug).Order());
        Assert.All(events, e => Assert.Equal(("1", 2.0), (e.CustomAttributes["Number"], e.CustomMetrics["Amount"])));
    }

    [Theory]
    [InlineData(
        """{ "appId": "APPID", "devKey": "dev-key-of-the-shop" }""",
        """ "Apps": { "a": { "AppId": "x", "DevKey": "y" } }""")]
    [InlineData(
        """{ "apps": { "a": { "appId": "APPID", "devKey": "dev-key-of-the-shop" } } }""",
        """ "AppId": "x", "DevKey": "y" """)]
    public async Task A_single_app_in_the_arguments_replaces_the_apps_of_the_section_and_vice_versa(
        string arguments, string section)
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["APPID"] = "dev-key-of-the-shop" } });
        var json = $$"""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {{arguments}} } ] },
              "Metrix": { {{section}}, "Endpoint": "{{emulator.Endpoint}}" } }
            """;
        await using (var logger = AppSettings.CreateLogger(json))
            logger.ForContext(TestData.Identity).Information("<@abcde>");

        Assert.Equal("APPID", Assert.Single(emulator.Events).Request.AppId);
    }

    [Fact]
    public async Task Environment_variables_supply_and_override_settings()
    {
        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { ["from-the-file"] = "from-the-environment" },
        });
        var configuration = AppSettings.From(
            """
            { "Serilog": { "WriteTo": [ "Metrix" ] },
              "Metrix": { "AppId": "from-the-file", "Slugs": { "Purchase": "taqsq" } } }
            """,
            ("Metrix:DevKey", "from-the-environment"), ("METRIX:ENDPOINT", emulator.Endpoint.ToString()),
            ("METRIX:SLUGS:PURCHASE", "other"));
        await using (var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger())
            logger.ForContext(TestData.Identity).Information("{@Purchase}", new { Amount = 1 });

        Assert.Equal("other", Assert.Single(emulator.Events).EventSlug);
    }

    [Fact]
    public async Task A_name_between_percent_signs_is_expanded_from_the_environment()
    {
        var name = $"METRIX_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "expanded");
        try
        {
            await using var emulator = await TestEmulator.StartAsync(
                new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["APPID"] = "expanded" } });
            foreach (var keys in new[]
            {
                $$""" "appId": "APPID", "devKey": "%{{name}}%" """,
                $$""" "apps": { "one": { "appId": "APPID", "devKey": "%{{name}}%" } } """,
            })
            {
                var json = $$"""
                    { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": { {{keys}},
                        "endpoint": "{{emulator.Endpoint}}", "slugs": { "Purchase": "%{{name}}%" } } } ] } }
                    """;
                await using var logger = AppSettings.CreateLogger(json);
                logger.ForContext(TestData.Identity).Information("<@Purchase>");
            }

            Assert.Empty(emulator.Rejected);
            Assert.Equal(["expanded", "expanded"], emulator.Events.Select(e => e.EventSlug));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void A_sink_name_in_the_wrong_case_is_reported_in_the_self_log()
    {
        var messages = new List<string>();
        try
        {
            SelfLog.Enable(message =>
            {
                lock (messages)
                    messages.Add(message);
            });
            AppSettings.CreateLogger("""{ "Serilog": { "WriteTo": [ "metrix" ] } }""").Dispose();
        }
        finally
        {
            SelfLog.Disable();
        }

        lock (messages)
            Assert.Contains(messages, message => message.Contains("Unable to find a method called metrix"));
    }

    [Theory]
    [InlineData(""" "restrictedToMinimumLevel": "Error" """, "")]
    [InlineData(""" "levelSwitch": "$metrix" """, """ "LevelSwitches": { "$metrix": "Error" }, """)]
    public async Task A_minimum_level_or_a_level_switch_filters_events(string argument, string switches)
    {
        await using var shop = await Shop.StartAsync(
            $$"""
            { "Serilog": { {{switches}} "WriteTo": [ { "Name": "Metrix", "Args": { {{argument}} } } ] },
              "Metrix": { "AppId": "APPID", "DevKey": "dev-key-of-the-shop", "Endpoint": "ENDPOINT" } }
            """);
        shop.UserLogger.Information("<@information>");
        shop.UserLogger.Error("<@error>");

        Assert.Equal("error", Assert.Single(await shop.CloseAsync()).EventSlug);
        Assert.Equal(1, shop.Meter.Recognized);
    }

    [Fact]
    public async Task A_level_switch_in_code_takes_effect_at_run_time()
    {
        var levelSwitch = new LoggingLevelSwitch(LogEventLevel.Error);
        await using var shop = await Shop.StartAsync(options => options.LevelSwitch = levelSwitch);
        shop.UserLogger.Information("<@before>");
        levelSwitch.MinimumLevel = LogEventLevel.Verbose;
        shop.UserLogger.Information("<@after>");

        Assert.Equal("after", Assert.Single(await shop.CloseAsync()).EventSlug);
    }

    [Fact]
    public async Task The_configuration_can_be_passed_in_code()
    {
        await using var emulator = await TestEmulator.StartAsync();
        var configuration = AppSettings.From(
            $$"""
            { "Metrix": { "AppId": "a", "DevKey": "k", "Endpoint": "{{emulator.Endpoint}}",
                          "Slugs": { "A": "aaaaa" } } }
            """);
        foreach (var addSink in new Func<LoggerConfiguration, LoggerConfiguration>[]
        {
            to => to.WriteTo.Metrix(configuration),
            to => to.WriteTo.Metrix(configuration.GetSection("Metrix")),
            to => to.WriteTo.Metrix(
                configuration: configuration, slugs: new Dictionary<string, string> { ["B"] = "bbbbb" }),
        })
        {
            await using var logger = addSink(new LoggerConfiguration()).CreateLogger();
            logger.ForContext(TestData.Identity).Information("<@A>");
        }

        Assert.Equal(["aaaaa", "aaaaa", "aaaaa"], emulator.Events.Select(e => e.EventSlug));
    }

    [Fact]
    public void Metrix_without_arguments_throws_with_an_example_of_the_app_id() => Assert.Contains(
        "\"appId\": \"your-app-id\"",
        Assert.Throws<ArgumentException>(() => new LoggerConfiguration().WriteTo.Metrix()).Message);
}
