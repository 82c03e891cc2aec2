using Metrix.Tests.Support;
using Metrix.Tool.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Metrix.Tool.Tests;

public sealed class CheckCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string SettingsFile => _folder.File("appsettings.json");

    [Fact]
    public async Task Check_explains_each_setting_of_a_valid_configuration()
    {
        var result = await CheckAsync("""
            {
              "Serilog": {
                "Enrich": [ "FromLogContext" ],
                "WriteTo": [ { "Name": "Metrix", "Args": { "period": "00:00:05" } } ]
              },
              "Metrix": { "AppId": "your-app", "DevKey": "KEY", "Slugs": { "Purchase": "taqsq" } }
            }
            """);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Serilog, Serilog:WriteTo:0", result.Output);
        Assert.Contains("The application can start with these settings.", result.Output);
        Assert.Contains("A batch is sent at least every 00:00:05", result.Output);
        Assert.Contains("Purchase is sent as taqsq", result.Output);
        Assert.DoesNotContain("warning", result.Output);
    }

    [Fact]
    public async Task Check_reports_invalid_settings_with_a_valid_value()
    {
        var result = await CheckAsync("""
            {
              "Serilog": {
                "WriteTo": [
                  {
                    "Name": "FallbackChain",
                    "Args": {
                      "configureSink": [ { "Name": "Metrix", "Args": { "perod": "1" } } ],
                      "configureFallback": [ { "Name": "Console" } ]
                    }
                  }
                ]
              },
              "Metrix": { "AppId": "your-app", "Period": "2", "QueueLimit": 0 }
            }
            """);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("DevKey is missing", result.Output);
        Assert.Contains("Metrix:Period: \"2\" is not a duration", result.Output);
        Assert.Contains("QueueLimit: it is not between 1 and 10,000,000", result.Output);
        Assert.Contains("perod: unknown argument. Did you mean", result.Output);
    }

    [Fact]
    public async Task Check_warns_of_settings_that_are_probably_mistakes()
    {
        var result = await CheckAsync("""
            {
              "Serilog": { "MinimumLevel": { "Default": "Warning" }, "WriteTo": [ "metrix" ] },
              "Metrix": {
                "AppId": "your-app",
                "DevKey": "KEY",
                "Endpoint": "http://metrix.example",
                "OutboxPath": "/no/such/folder/metrix.db"
              }
            }
            """);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("MinimumLevel is Warning", result.Output);
        Assert.Contains("\"metrix\" is not \"Metrix\"", result.Output);
        Assert.Contains("FromLogContext", result.Output);
        Assert.Contains("clear text", result.Output);
        Assert.Contains("the folder does not exist on this machine", result.Output);
        Assert.Contains("72:00:00", result.Output.Replace("3.00:00:00", "72:00:00"));
    }

    [Theory]
    [InlineData(
        """ "WriteTo": [ { "Name": "Metrix", "Args": { "slugs": "none" } } ] """, "",
        "Args:slugs: the value is a text, but must be a list or a map")]
    [InlineData(
        """ "WriteTo": [ { "Name": "Metrix", "Args": { "levelSwitch": "$sw" } } ] """, "",
        "Serilog:LevelSwitches does not contain \"$sw\"")]
    [InlineData(
        """ "MinimumLevel": "Bogus", "WriteTo": [ "Metrix" ] """, "",
        "\"Bogus\" is not a level")]
    [InlineData(
        """ "WriteTo": "Metrix" """, "",
        "the value is a text, which Serilog ignores. Example: \"WriteTo\": [ \"Metrix\" ]")]
    [InlineData(
        """ "WriteTo": [ "Metrix" ] """, ", \"UnsampledActivities\": \"Bogus\"",
        "\"Bogus\" is not RecordAll or RecordMatching or Drop")]
    public async Task Check_reports_what_Serilog_or_the_exporter_does_not_accept(
        string serilog, string moreSettings, string message)
    {
        var result = await CheckAsync(
            $$"""{ "Serilog": { {{serilog}} }, "Metrix": { "AppId": "a", "DevKey": "KEY"{{moreSettings}} } }""");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Output);
    }

    [Fact]
    public async Task Check_reports_an_outbox_file_of_another_application()
    {
        var path = _folder.File("shop.db");
        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE customers (id INTEGER)";
            command.ExecuteNonQuery();
        }

        var result = await CheckAsync(
            $$"""{ "Metrix": { "AppId": "a", "DevKey": "KEY", "OutboxPath": "{{path}}" } }""");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a database of another application", result.Output);
    }

    [Fact]
    public async Task Check_reports_an_unknown_argument_once_and_ignores_an_empty_name()
    {
        var result = await CheckAsync("""
            {
              "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": { "wrongArgument": "zz", "": "y" } } ] },
              "Metrix": { "AppId": "a", "DevKey": "KEY" }
            }
            """);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, result.Output.Split("wrongArgument").Length);
    }

    [Fact]
    public async Task Redirected_output_has_no_colors_on_a_build_server()
    {
        await WriteSettingsAsync("""{ "Metrix": { "AppId": "a" } }""");
        var result = await MetrixTool.RunAsync(
            ["check", SettingsFile], "", ("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True"));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Check_reads_a_configuration_without_a_sink_as_the_exporter_does()
    {
        await WriteSettingsAsync("""{ "Metrix": { "AppId": "a", "UnsampledActivities": "Drop" } }""");
        var result = await MetrixTool.RunAsync(["check", SettingsFile], "", ("Metrix__DevKey", MetrixTool.Key));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("OpenTelemetry, Metrix", result.Output);
        Assert.Contains("revenue is sampled too", result.Output);
    }

    [Theory]
    [InlineData("{ \"Logging\": {} }", "neither a Metrix section nor a Serilog sink")]
    [InlineData("{ nonsense", "cannot be read")]
    public async Task Check_fails_when_the_file_is_unreadable_or_does_not_mention_Metrix(string json, string message)
    {
        var result = await CheckAsync(json);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task Check_fails_when_the_file_does_not_exist() =>
        Assert.Equal(1, (await MetrixTool.RunAsync("check", _folder.File("none.json"))).ExitCode);

    [Fact]
    public async Task Check_writes_its_result_as_JSON()
    {
        await WriteSettingsAsync("""{ "Metrix": { "AppId": "a" } }""");
        var results = await MetrixTool.RunForJsonAsync("check", SettingsFile);
        Assert.Contains("DevKey is missing", results[0].GetProperty("problems")[0].GetString());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Output, string Error)> CheckAsync(string json)
    {
        await WriteSettingsAsync(json.Replace("KEY", MetrixTool.Key));
        return await MetrixTool.RunAsync("check", SettingsFile);
    }

    private Task WriteSettingsAsync(string json) =>
        File.WriteAllTextAsync(SettingsFile, json, TestContext.Current.CancellationToken);
}
