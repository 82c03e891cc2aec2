using System.Text.Json;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Tool.Tests;

/// <summary>Each command on a file that an application uses at that moment.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private MetrixEmulator _emulator = null!;
    private MetrixClient _client = null!;
    private volatile bool _isRight;

    private string Path => _folder.File("metrix.db");

    public async ValueTask InitializeAsync()
    {
        _emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Answer = request => _isRight ? null
                : System.Text.Encoding.UTF8.GetString(request.Body.Span).Contains("wrong") ? new EmulatorResponse(400) { Body = "نامعلوم [x]" }
                : new EmulatorResponse(200) { NeverAnswer = true },
        });
        _client = new MetrixClient(new MetrixOptions
        {
            AppId = "app",
            DevKey = Tool.Key,
            Endpoint = _emulator.Endpoint,
            OutboxPath = Path,
            Period = TimeSpan.FromMilliseconds(10),
            FlushTimeout = TimeSpan.FromMilliseconds(50),
            RequestTimeout = TimeSpan.FromMinutes(10),
            TimeProvider = new AcceleratedTime(50),
        });
        Send("wrong");
        Send("wrong");
        Send("taqsq");
        while (_folder.Count("dead_letters") < 2 || _folder.Count("events") > 1)
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Status_tells_what_waits()
    {
        var ran = await Tool.RunAsync("outbox", "status", Path);
        Assert.Equal(0, ran.ExitCode);
        Assert.Contains("Dead letters: 2 rejected", ran.Output);
        var status = await Tool.RunForJsonAsync("outbox", "status", Path);
        Assert.Equal(("app", 1), (status.GetProperty("pending")[0].GetProperty("appId").GetString(), status.GetProperty("pending")[0].GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task List_shows_what_waits_and_what_died()
    {
        var ran = await Tool.RunAsync("outbox", "list", Path);
        Assert.Contains("rejected 400", ran.Output);
        Assert.Contains("نامعلوم [x]", ran.Output);
        Assert.Contains("taqsq", ran.Output);
    }

    [Fact]
    public async Task Export_writes_one_JSON_a_line()
    {
        var ran = await Tool.RunAsync("outbox", "export", Path);
        var lines = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal("wrong", JsonDocument.Parse(line).RootElement.GetProperty("body").GetProperty("eventSlug").GetString()));

        var file = _folder.File("letters.jsonl");
        Assert.Equal(0, (await Tool.RunAsync("outbox", "export", Path, "--pending", "--output", file)).ExitCode);
        Assert.Equal("taqsq", JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))).RootElement.GetProperty("slug").GetString());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(1, (await Tool.RunAsync("outbox", "export", Path, "--output", file)).ExitCode);
    }

    [Fact]
    public async Task Resend_lets_the_application_deliver_them()
    {
        _isRight = true;
        var ran = await Tool.RunAsync("outbox", "resend", Path, "--reason", "400");
        Assert.Equal("2 dead letters wait to be sent again.", ran.Output.Trim());
        await _emulator.WaitForAsync(events => events.Count(e => e.EventSlug == "wrong") == 2);
    }

    [Fact]
    public async Task Purge_deletes_those_that_are_named()
    {
        Assert.Equal(2, (await Tool.RunAsync("outbox", "purge", Path)).ExitCode);
        Assert.Equal(2, (await Tool.RunAsync("outbox", "purge", Path, "--all=false")).ExitCode);
        Assert.Equal(2, (await Tool.RunAsync("outbox", "purge", Path, "--older-than", "-1.00:00:00")).ExitCode);
        Assert.Equal(2, (await Tool.RunAsync("outbox", "purge", Path, "--older-than", "9999999.00:00:00")).ExitCode);
        Assert.Equal(2, _folder.Count("dead_letters"));
        var id = _folder.Scalar("SELECT min(id) FROM dead_letters");
        var purged = await Tool.RunForJsonAsync("outbox", "purge", Path, "--id", $"{id}");
        Assert.Equal((1, 1), (purged.GetProperty("count").GetInt32(), _folder.Count("dead_letters")));
        Assert.Equal(0, (await Tool.RunForJsonAsync("outbox", "purge", Path, "--older-than", "1.00:00:00")).GetProperty("count").GetInt32());
        await Tool.RunAsync("outbox", "purge", Path, "--all");
        Assert.Equal((0, 1), (_folder.Count("dead_letters"), _folder.Count("events")));
    }

    [Fact]
    public async Task A_file_that_is_locked_is_told_of()
    {
        using var shell = _folder.Connect();
        using var command = shell.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        var ran = await Tool.RunAsync("outbox", "purge", Path, "--all");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("another program has locked the file", ran.Error);
    }

    [Fact]
    public async Task An_empty_file_is_no_outbox_and_stays_empty()
    {
        await File.WriteAllTextAsync(_folder.File("empty.db"), "", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await Tool.RunAsync("outbox", "status", _folder.File("empty.db"))).ExitCode);
        Assert.Equal(0, new FileInfo(_folder.File("empty.db")).Length);
    }

    [Fact]
    public async Task A_file_that_is_none_is_bad_and_left_alone()
    {
        var ran = await Tool.RunAsync("outbox", "status", _folder.File("none.db"));
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("There is no outbox at", ran.Error);
        Assert.False(File.Exists(_folder.File("none.db")));
        await File.WriteAllTextAsync(_folder.File("text.db"), "only text, and more than a hundred bytes of it: " + new string('x', 100), TestContext.Current.CancellationToken);
        Assert.Contains("the file is damaged", (await Tool.RunAsync("outbox", "status", _folder.File("text.db"))).Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    private void Send(string slug) => _client.Send(new MetrixEvent(
        slug, new MetrixIdentity { MetrixUserId = "u", MetrixSessionId = "s", Idfa = "i" }));
}
