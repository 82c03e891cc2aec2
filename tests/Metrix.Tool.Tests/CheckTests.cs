using Metrix.Tests.Support;

namespace Metrix.Tool.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_configuration_that_is_right_is_told_setting_by_setting()
    {
        var ran = await CheckAsync("""
            { "Serilog": { "Enrich": [ "FromLogContext" ], "WriteTo": [ { "Name": "Metrix", "Args": { "period": "00:00:05" } } ] },
              "Metrix": { "AppId": "your-app", "DevKey": "KEY", "Slugs": { "Purchase": "taqsq" } } }
            """);

        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("Serilog, Serilog:WriteTo:0", ran.Output);
        Assert.Contains("The application can start with these settings.", ran.Output);
        Assert.Contains("a batch goes at least every 00:00:05", ran.Output);
        Assert.Contains("Purchase is sent as taqsq", ran.Output);
        Assert.DoesNotContain("warning", ran.Output);
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_a_right_value()
    {
        var ran = await CheckAsync("""
            { "Serilog": { "WriteTo": [ { "Name": "FallbackChain", "Args": { "configureSink": [ { "Name": "Metrix", "Args": { "perod": "1" } } ],
              "configureFallback": [ { "Name": "Console" } ] } } ] },
              "Metrix": { "AppId": "your-app", "Period": "2", "QueueLimit": 0 } }
            """);

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("DevKey is missing", ran.Output);
        Assert.Contains("Metrix:Period: \"2\" is not a duration", ran.Output);
        Assert.Contains("QueueLimit: it is not between 1 and 10,000,000", ran.Output);
        Assert.Contains("perod: unknown argument. Did you mean", ran.Output);
    }

    [Fact]
    public async Task What_is_hardly_meant_so_is_warned_of()
    {
        var ran = await CheckAsync("""
            { "Serilog": { "MinimumLevel": { "Default": "Warning" }, "WriteTo": [ "metrix" ] },
              "Metrix": { "AppId": "your-app", "DevKey": "KEY", "Endpoint": "http://metrix.example", "OutboxPath": "/no/such/folder/metrix.db" } }
            """);

        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("MinimumLevel is Warning", ran.Output);
        Assert.Contains("\"metrix\" is not \"Metrix\"", ran.Output);
        Assert.Contains("FromLogContext", ran.Output);
        Assert.Contains("clear text", ran.Output);
        Assert.Contains("its folder is not there on this machine", ran.Output);
        Assert.Contains("72:00:00", ran.Output.Replace("3.00:00:00", "72:00:00"));
    }

    [Theory]
    [InlineData(""" "WriteTo": [ { "Name": "Metrix", "Args": { "slugs": "none" } } ] """, "", "Args:slugs: it is a text, where a list or map is wanted")]
    [InlineData(""" "WriteTo": [ { "Name": "Metrix", "Args": { "levelSwitch": "$sw" } } ] """, "", "Serilog:LevelSwitches has no \"$sw\"")]
    [InlineData(""" "MinimumLevel": "Bogus", "WriteTo": [ "Metrix" ] """, "", "\"Bogus\" is no level")]
    [InlineData(""" "WriteTo": "Metrix" """, "", "it is a text, which Serilog ignores. Example: \"WriteTo\": [ \"Metrix\" ]")]
    [InlineData(""" "WriteTo": [ "Metrix" ] """, ", \"UnsampledActivities\": \"Bogus\"", "\"Bogus\" is not RecordAll or RecordMatching or Drop")]
    public async Task What_stops_the_application_elsewhere_is_found_too(string serilog, string more, string said)
    {
        var ran = await CheckAsync($$"""{ "Serilog": { {{serilog}} }, "Metrix": { "AppId": "a", "DevKey": "KEY"{{more}} } }""");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(said, ran.Output);
    }

    [Fact]
    public async Task An_outbox_that_is_another_applications_is_found()
    {
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("shop.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE customers (id INTEGER)";
            command.ExecuteNonQuery();
        }

        var ran = await CheckAsync($$"""{ "Metrix": { "AppId": "a", "DevKey": "KEY", "OutboxPath": "{{_folder.File("shop.db")}}" } }""");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("a database of another application", ran.Output);
    }

    [Fact]
    public async Task An_unknown_argument_is_said_once_and_a_name_that_is_empty_harms_nothing()
    {
        var ran = await CheckAsync("""
            { "Serilog": { "WriteTo": [ { "Name": "Metrix", "Args": { "wrongArgument": "zz", "": "y" } } ] }, "Metrix": { "AppId": "a", "DevKey": "KEY" } }
            """);
        Assert.Equal(1, ran.ExitCode);
        Assert.Equal(2, ran.Output.Split("wrongArgument").Length);
    }

    [Fact]
    public async Task Where_there_is_no_terminal_there_are_no_colours_whatever_the_environment_is_taken_for()
    {
        await File.WriteAllTextAsync(_folder.File("appsettings.json"), """{ "Metrix": { "AppId": "a" } }""", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await Tool.RunAsync(["check", _folder.File("appsettings.json")], "", ("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True"))).ExitCode);
    }

    [Fact]
    public async Task A_section_alone_is_read_as_the_exporter_reads_it()
    {
        await File.WriteAllTextAsync(
            _folder.File("appsettings.json"), """{ "Metrix": { "AppId": "a", "UnsampledActivities": "Drop" } }""", TestContext.Current.CancellationToken);
        var ran = await Tool.RunAsync(["check", _folder.File("appsettings.json")], "", ("Metrix__DevKey", Tool.Key));

        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("OpenTelemetry, Metrix", ran.Output);
        Assert.Contains("revenue is sampled too", ran.Output);
    }

    [Theory]
    [InlineData("{ \"Logging\": {} }", "neither a section Metrix nor a Serilog sink")]
    [InlineData("{ nonsense", "cannot be read")]
    public async Task A_file_that_tells_nothing_is_bad(string json, string said)
    {
        var ran = await CheckAsync(json);
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(said, ran.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_bad() => Assert.Equal(1, (await Tool.RunAsync("check", _folder.File("none.json"))).ExitCode);

    [Fact]
    public async Task Its_answer_in_JSON_is_for_scripts()
    {
        await File.WriteAllTextAsync(
            _folder.File("appsettings.json"), """{ "Metrix": { "AppId": "a" } }""", TestContext.Current.CancellationToken);
        var places = await Tool.RunForJsonAsync("check", _folder.File("appsettings.json"));
        Assert.Contains("DevKey is missing", places[0].GetProperty("problems")[0].GetString());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Output, string Error)> CheckAsync(string json)
    {
        await File.WriteAllTextAsync(_folder.File("appsettings.json"), json.Replace("KEY", Tool.Key), TestContext.Current.CancellationToken);
        return await Tool.RunAsync("check", _folder.File("appsettings.json"));
    }
}
