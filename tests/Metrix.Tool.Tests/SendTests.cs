using Metrix.Emulator;

namespace Metrix.Tool.Tests;

public class SendTests
{
    [Theory]
    [InlineData(200, 0, "took the event")]
    [InlineData(400, 1, "Is the slug one of this app's")]
    [InlineData(401, 1, "The key is not the key of this app")]
    [InlineData(403, 1, "allow list")]
    [InlineData(404, 1, "There is no such app")]
    [InlineData(429, 1, "asks to be left alone")]
    [InlineData(503, 1, "trouble of its own")]
    [InlineData(302, 1, "redirects")]
    public async Task It_sends_one_event_and_explains_the_answer(int status, int exitCode, string explained)
    {
        await using var emulator = await StartAsync(status == 200 ? null : new EmulatorResponse(status) { Body = "says the server" });
        var ran = await Tool.RunAsync(
            "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString(),
            "--attribute", "City=تهران", "--attribute", "Note=a=b", "--metric", "Amount=1.5", "--user-id", "the-user");

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(explained, ran.Output);
        Assert.Contains("\"City\":\"تهران\"", ran.Output);
        Assert.Equal(status == 200 ? "" : "says the server", status == 200 ? "" : ran.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(1, emulator.Events.Count + emulator.Rejected.Count);
        if (status == 200)
        {
            var arrived = emulator.Events[0];
            Assert.Equal(
                ("taqsq", "the-user", "تهران", "a=b", 1.5),
                (arrived.EventSlug, arrived.MetrixUserId, arrived.CustomAttributes["City"], arrived.CustomAttributes["Note"], arrived.CustomMetrics["Amount"]));
        }
    }

    [Fact]
    public async Task A_dry_run_shows_the_request_and_sends_nothing()
    {
        await using var emulator = await StartAsync();
        var ran = await Tool.RunAsync(
            "send", "--app-id", "a/b", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString(), "--dry-run", "--idfa", "i");

        Assert.Equal(0, ran.ExitCode);
        Assert.StartsWith($"POST {emulator.Endpoint}inappevent/a%2Fb\nAuthorization: ***\nContent-Type: application/json\n\n{{\"metrixUserId\":\"metrix-tool\"", ran.Output);
        Assert.Contains("\"idfa\":\"i\",\"eventSlug\":\"taqsq\"", ran.Output);
        Assert.Equal(0, emulator.Events.Count + emulator.Rejected.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_key_may_come_from_elsewhere_than_the_command_line(bool isFromInput)
    {
        await using var emulator = await StartAsync();
        string[] arguments = ["send", "--app-id", "app", "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString()];
        var ran = isFromInput
            ? await Tool.RunAsync([.. arguments, "--dev-key", "-"], Tool.Key + "\n")
            : await Tool.RunAsync(arguments, "", ("METRIX_DEV_KEY", Tool.Key));

        Assert.Equal(0, ran.ExitCode);
        Assert.Single(emulator.Events);
    }

    [Fact]
    public async Task Its_answer_in_JSON_is_for_scripts()
    {
        await using var emulator = await StartAsync(new EmulatorResponse(403));
        var answer = await Tool.RunForJsonAsync(
            "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString());

        Assert.Equal((403, "misconfigured"), (answer.GetProperty("status").GetInt32(), answer.GetProperty("outcome").GetString()));
        Assert.Equal("taqsq", answer.GetProperty("request").GetProperty("body").GetProperty("eventSlug").GetString());
    }

    [Fact]
    public async Task What_cannot_be_reached_is_told_of()
    {
        var ran = await Tool.RunAsync("send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", "http://127.0.0.1:1");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("No connection to the endpoint", ran.Output);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_waited_for_no_longer_than_asked()
    {
        await using var emulator = await StartAsync(new EmulatorResponse(200) { NeverAnswer = true });
        var ran = await Tool.RunAsync(
            "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString(), "--timeout", "1");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("No answer came in time", ran.Output);
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
    public async Task A_wrong_command_line_is_told_of_and_sends_nothing(string option, string value)
    {
        var ran = await Tool.RunAsync("send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--dry-run", option, value);
        Assert.Equal(2, ran.ExitCode);
        Assert.NotEmpty(ran.Error);
    }

    [Fact]
    public async Task What_is_given_twice_is_told_of() => Assert.Equal(2, (await Tool.RunAsync(
        "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--dry-run", "--attribute", "x=1", "--metric", "x=2")).ExitCode);

    [Fact]
    public async Task What_is_cut_is_said_and_sent()
    {
        await using var emulator = await StartAsync();
        var ran = await Tool.RunAsync(
            "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString(),
            "--attribute", "long=" + new string('a', 700));
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("was cut to 512 bytes", ran.Error);
        Assert.Equal(512, Assert.Single(emulator.Events).CustomAttributes["long"].Length);
    }

    [Fact]
    public async Task An_answer_that_repeats_the_key_or_speaks_to_the_terminal_is_shown_without_it()
    {
        await using var emulator = await StartAsync(new EmulatorResponse(403) { Body = $"\u001b[31mno such key: {Tool.Key}" });
        var ran = await Tool.RunAsync(
            "send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", "taqsq", "--endpoint", emulator.Endpoint.ToString());
        Assert.Contains("no such key: ***", ran.Output);
    }

    [Fact]
    public async Task A_failure_in_JSON_is_JSON()
    {
        var answer = await Tool.RunAsync("send", "--app-id", "app", "--dev-key", Tool.Key, "--slug", " ", "--json");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("it has no slug", System.Text.Json.JsonDocument.Parse(answer.Output).RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(" ", "SlugMissing", "it has no slug")]
    [InlineData("taqsq", "", "No dev-key: set METRIX_DEV_KEY")]
    public async Task What_is_not_sent_at_all_says_why(string slug, string key, string said)
    {
        var ran = await Tool.RunAsync(["send", "--app-id", "app", "--slug", slug, "--dry-run"], "", ("METRIX_DEV_KEY", key));
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains(said, ran.Error);
    }

    private static Task<MetrixEmulator> StartAsync(EmulatorResponse? answer = null) => MetrixEmulator.StartAsync(new MetrixEmulatorOptions
    {
        Apps = new Dictionary<string, string> { ["app"] = Tool.Key },
        Answer = answer is null ? null : _ => answer,
    });
}
