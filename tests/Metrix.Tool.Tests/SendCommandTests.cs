using System.Text.Json;
using Metrix.Emulator;
using Metrix.Tool.Tests.Support;

namespace Metrix.Tool.Tests;

public class SendCommandTests
{
    [Theory]
    [InlineData(200, 0, "accepted the event")]
    [InlineData(400, 1, "Check in the panel that the slug belongs to this app")]
    [InlineData(401, 1, "The key is not the key of this app")]
    [InlineData(403, 1, "allow list")]
    [InlineData(404, 1, "The app does not exist")]
    [InlineData(429, 1, "cannot accept the event at this time")]
    [InlineData(503, 1, "has a server error")]
    [InlineData(302, 1, "redirects")]
    [InlineData(401, 1, "If other events are delivered, something on the way")]
    [InlineData(405, 1, "Check Endpoint")]
    [InlineData(413, 1, "The event is rejected")]
    public async Task Send_sends_one_event_and_explains_the_answer(int status, int exitCode, string explanation)
    {
        await using var emulator = await StartAsync(
            status == 200 ? null : new EmulatorResponse(status) { Body = "text of the server" });
        var result = await SendAsync(
            emulator, "--attribute", "City=تهران", "--attribute", "Note=a=b", "--metric", "Amount=1.5",
            "--user-id", "the-user");

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(explanation, result.Output);
        Assert.Contains("\"City\":\"تهران\"", result.Output);
        if (status != 200)
            Assert.Equal("text of the server", result.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(1, emulator.Events.Count + emulator.Rejected.Count);
        if (status == 200)
        {
            var received = emulator.Events[0];
            Assert.Equal(("taqsq", "the-user"), (received.EventSlug, received.MetrixUserId));
            Assert.Equal("تهران", received.CustomAttributes["City"]);
            Assert.Equal("a=b", received.CustomAttributes["Note"]);
            Assert.Equal(1.5, received.CustomMetrics["Amount"]);
        }
    }

    [Fact]
    public async Task Dry_run_shows_the_request_and_sends_nothing()
    {
        await using var emulator = await StartAsync();
        var result = await MetrixTool.RunAsync(
            "send", "--app-id", "a/b", "--dev-key", MetrixTool.Key, "--slug", "taqsq", "--dry-run", "--idfa", "i",
            "--endpoint", emulator.Endpoint.ToString());

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(
            $"POST {emulator.Endpoint}inappevent/a%2Fb\nAuthorization: ***\nContent-Type: application/json\n\n" +
            "{\"metrixUserId\":\"metrix-tool\"",
            result.Output);
        Assert.Contains("\"idfa\":\"i\",\"eventSlug\":\"taqsq\"", result.Output);
        Assert.Equal(0, emulator.Events.Count + emulator.Rejected.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_reads_the_key_from_standard_input_or_the_environment(bool isFromInput)
    {
        await using var emulator = await StartAsync();
        string[] arguments = ["send", "--app-id", "app", "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString()];
        var result = isFromInput
            ? await MetrixTool.RunAsync([.. arguments, "--dev-key", "-"], MetrixTool.Key + "\n")
            : await MetrixTool.RunAsync(arguments, "", ("METRIX_DEV_KEY", MetrixTool.Key));

        Assert.Equal(0, result.ExitCode);
        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task Send_writes_its_result_as_JSON()
    {
        await using var emulator = await StartAsync(new EmulatorResponse(403));
        var result = await MetrixTool.RunForJsonAsync(
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", "taqsq",
            "--endpoint", emulator.Endpoint.ToString());

        Assert.Equal(403, result.GetProperty("status").GetInt32());
        Assert.Equal("misconfigured", result.GetProperty("outcome").GetString());
        Assert.Equal("taqsq", result.GetProperty("request").GetProperty("body").GetProperty("eventSlug").GetString());
    }

    [Fact]
    public async Task Send_reports_an_unreachable_endpoint()
    {
        var result = await MetrixTool.RunAsync(
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", "taqsq", "--endpoint",
            "http://127.0.0.1:1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No connection to http", result.Output);
    }

    [Fact]
    public async Task Send_gives_up_at_the_timeout_when_the_server_never_answers()
    {
        await using var emulator = await StartAsync(new EmulatorResponse(200) { NeverAnswer = true });
        var result = await SendAsync(emulator, "--timeout", "1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("No answer arrived in time", result.Output);
    }

    [Theory]
    [InlineData("--metric", "Amount=1,5")]
    [InlineData("--attribute", "City")]
    [InlineData("--endpoint", "localhost")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "abc")]
    [InlineData("--attribute", "metrix.event_time=1")]
    [InlineData("--attribute", "MetrixApp=v2")]
    [InlineData("--unknown", "x")]
    public async Task Send_with_an_invalid_option_exits_with_2(string option, string value)
    {
        var result = await MetrixTool.RunAsync(
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", "taqsq", "--dry-run", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task Send_with_a_duplicate_name_exits_with_2()
    {
        var result = await MetrixTool.RunAsync(
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", "taqsq", "--dry-run",
            "--attribute", "x=1", "--metric", "x=2");
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public async Task Send_reports_a_truncated_value_and_sends_the_event()
    {
        await using var emulator = await StartAsync();
        var result = await SendAsync(emulator, "--attribute", "long=" + new string('a', 700));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("was truncated to 512 bytes", result.Error);
        Assert.Equal(512, Assert.Single(emulator.Events).CustomAttributes["long"].Length);
    }

    [Fact]
    public async Task Send_masks_the_key_and_removes_escape_sequences_in_the_answer()
    {
        await using var emulator = await StartAsync(
            new EmulatorResponse(403) { Body = $"\u001b[31mno such key: {MetrixTool.Key}" });
        var result = await SendAsync(emulator);
        Assert.Contains("no such key: ***", result.Output);
    }

    [Fact]
    public async Task Send_reports_a_failure_as_JSON_when_asked_for_JSON()
    {
        var result = await MetrixTool.RunAsync(
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", " ", "--json");
        Assert.Equal(1, result.ExitCode);
        var error = JsonDocument.Parse(result.Output).RootElement.GetProperty("error").GetString();
        Assert.Contains("it has no slug", error);
    }

    [Theory]
    [InlineData(" ", "SlugMissing", "it has no slug")]
    [InlineData("taqsq", "", "The dev-key is missing. Set METRIX_DEV_KEY")]
    public async Task Send_reports_why_an_event_is_not_sent(string slug, string key, string message)
    {
        var result = await MetrixTool.RunAsync(
            ["send", "--app-id", "app", "--slug", slug, "--dry-run"], "", ("METRIX_DEV_KEY", key));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    private static Task<(int ExitCode, string Output, string Error)> SendAsync(
        MetrixEmulator emulator, params string[] options) =>
        MetrixTool.RunAsync(
        [
            "send", "--app-id", "app", "--dev-key", MetrixTool.Key, "--slug", "taqsq",
            "--endpoint", emulator.Endpoint.ToString(), .. options,
        ]);

    private static Task<MetrixEmulator> StartAsync(EmulatorResponse? answer = null) =>
        MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { ["app"] = MetrixTool.Key },
            Answer = answer is null ? null : _ => answer,
        });
}
