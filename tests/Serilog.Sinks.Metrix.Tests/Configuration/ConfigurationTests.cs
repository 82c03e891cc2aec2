using Metrix.Emulator;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Configuration;

/// <summary>
/// The sink is enabled by the text of an appsettings.json alone; the application knows Serilog and nothing of Metrix.
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
    public async Task A_section_is_enough()
    {
        await using var shop = await Shop.StartAsync(Section);
        shop.LogOfUser.Information("<@Purchase> {OrderId} {Amount}", 12345, 130.5);

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal("taqsq", paid.EventSlug);
        Assert.Equal("12345", paid.CustomAttributes["OrderId"]);
        Assert.Equal(130.5, paid.CustomMetrics["Amount"]);
    }

    [Fact]
    public async Task Arguments_are_enough()
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
        shop.LogOfUser
            .ForContext("Customer", "u-7").ForContext("Other", "x").ForContext("metrix.event_time", 1790000000123)
            .Information("<@Purchase> {OrderId} {Amount}", 12345, 130.5);

        var paid = Assert.Single(await shop.CloseAsync());
        Assert.Equal(("taqsq", "u-7", "1790000000"), (paid.EventSlug, paid.MetrixUserId, paid.EventTime));
        Assert.Equal(new Dictionary<string, string> { ["OrderId"] = "12345" }, paid.CustomAttributes.ToDictionary());
        Assert.Equal(["Amount"], paid.CustomMetrics.Keys);
    }

    [Fact]
    public async Task Arguments_win_over_the_section()
    {
        await using var shop = await Shop.StartAsync(
            """
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {
                "appId": "APPID", "slugs": { "Purchase": "fromargs" }, "attributes": [ "Number" ] } } ] },
              "Metrix": { "AppId": "another", "DevKey": "dev-key-of-the-shop", "Endpoint": "ENDPOINT",
                          "Slugs": { "Purchase": "fromsection", "Refund": "kept" }, "Attributes": [ "Amount" ] } }
            """);
        shop.LogOfUser.Information("<@Purchase> {Number} {Amount}", 1, 2);
        shop.LogOfUser.Information("<@Refund> {Number} {Amount}", 1, 2);

        var events = await shop.CloseAsync();
        Assert.Equal(["fromargs", "kept"], events.Select(e => e.EventSlug).Order());
        Assert.All(events, e => Assert.Equal(("1", 2.0), (e.CustomAttributes["Number"], e.CustomMetrics["Amount"])));
    }

    [Theory]
    [InlineData("""{ "appId": "APPID", "devKey": "dev-key-of-the-shop" }""", """ "Apps": { "a": { "AppId": "x", "DevKey": "y" } }""")]
    [InlineData("""{ "apps": { "a": { "appId": "APPID", "devKey": "dev-key-of-the-shop" } } }""", """ "AppId": "x", "DevKey": "y" """)]
    public async Task One_app_from_the_arguments_replaces_several_of_the_section_and_the_other_way_round(
        string arguments, string section)
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["APPID"] = "dev-key-of-the-shop" } });
        var json = $$"""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": {{arguments}} } ] },
              "Metrix": { {{section}}, "Endpoint": "{{emulator.Endpoint}}" } }
            """;
        await using (var logger = new LoggerConfiguration().ReadFrom.Configuration(AppSettings.From(json)).CreateLogger())
            logger.ForContext(TestData.Identity).Information("<@abcde>");

        Assert.Equal("APPID", Assert.Single(emulator.Events).Request.AppId);
    }

    [Fact]
    public async Task Keys_come_from_the_environment_as_everywhere()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Apps = new Dictionary<string, string> { ["from-the-file"] = "from-the-environment" } });
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
            await using var emulator = await MetrixEmulator.StartAsync(
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
                await using var logger = new LoggerConfiguration().ReadFrom.Configuration(AppSettings.From(json)).CreateLogger();
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
    public void A_name_in_the_wrong_case_leaves_the_sink_out_and_serilog_says_so_in_its_own_log()
    {
        var said = new List<string>();
        try
        {
            SelfLog.Enable(message =>
            {
                lock (said)
                    said.Add(message);
            });
            new LoggerConfiguration()
                .ReadFrom.Configuration(AppSettings.From("""{ "Serilog": { "WriteTo": [ "metrix" ] } }""")).CreateLogger().Dispose();
        }
        finally
        {
            SelfLog.Disable();
        }

        lock (said)
            Assert.Contains(said, message => message.Contains("Unable to find a method called metrix"));
    }

    [Theory]
    [InlineData(""" "restrictedToMinimumLevel": "Error" """, "")]
    [InlineData(""" "levelSwitch": "$metrix" """, """ "LevelSwitches": { "$metrix": "Error" }, """)]
    public async Task Levels_are_serilogs_own(string argument, string switches)
    {
        await using var shop = await Shop.StartAsync(
            $$"""
            { "Serilog": { {{switches}} "WriteTo": [ { "Name": "Metrix", "Args": { {{argument}} } } ] },
              "Metrix": { "AppId": "APPID", "DevKey": "dev-key-of-the-shop", "Endpoint": "ENDPOINT" } }
            """);
        shop.LogOfUser.Information("<@information>");
        shop.LogOfUser.Error("<@error>");

        Assert.Equal("error", Assert.Single(await shop.CloseAsync()).EventSlug);
        Assert.Equal(1, shop.Books.Recognized);
    }

    [Fact]
    public async Task A_level_switch_in_code_works_while_the_application_runs()
    {
        var levels = new LoggingLevelSwitch(LogEventLevel.Error);
        await using var shop = await Shop.StartAsync(options => options.LevelSwitch = levels);
        shop.LogOfUser.Information("<@before>");
        levels.MinimumLevel = LogEventLevel.Verbose;
        shop.LogOfUser.Information("<@after>");

        Assert.Equal("after", Assert.Single(await shop.CloseAsync()).EventSlug);
    }

    [Fact]
    public async Task The_configuration_can_be_given_in_code()
    {
        await using var emulator = await MetrixEmulator.StartAsync();
        var configuration = AppSettings.From(
            $$"""{ "Metrix": { "AppId": "a", "DevKey": "k", "Endpoint": "{{emulator.Endpoint}}", "Slugs": { "A": "aaaaa" } } }""");
        foreach (var add in new Func<LoggerConfiguration, LoggerConfiguration>[]
        {
            to => to.WriteTo.Metrix(configuration),
            to => to.WriteTo.Metrix(configuration.GetSection("Metrix")),
            to => to.WriteTo.Metrix(configuration: configuration, slugs: new Dictionary<string, string> { ["B"] = "bbbbb" }),
        })
        {
            await using var logger = add(new LoggerConfiguration()).CreateLogger();
            logger.ForContext(TestData.Identity).Information("<@A>");
        }

        Assert.Equal(["aaaaa", "aaaaa", "aaaaa"], emulator.Events.Select(e => e.EventSlug));
    }

    [Fact]
    public void In_code_nothing_given_throws_what_is_missing() => Assert.Contains(
        "\"appId\": \"your-app-id\"",
        Assert.Throws<ArgumentException>(() => new LoggerConfiguration().WriteTo.Metrix()).Message);
}
