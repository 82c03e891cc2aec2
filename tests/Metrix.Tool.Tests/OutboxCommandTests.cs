using System.Text;
using System.Text.Json;
using Metrix.Client;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Metrix.Tool.Tests.Support;

namespace Metrix.Tool.Tests;

/// <summary>
/// Tests each command on a file that an application uses at the same time. The file contains two dead letters, with the
/// slug <c>wrong</c>, and one pending event.
/// </summary>
public sealed class OutboxCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private MetrixEmulator _emulator = null!;
    private MetrixClient _client = null!;
    private volatile bool _acceptsEvents;

    private string Path => _folder.File("metrix.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions { Answer = Answer });
        _client = new MetrixClient(new MetrixOptions
        {
            AppId = "app",
            DevKey = MetrixTool.Key,
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
        await Eventually.TrueAsync(() => _folder.Count("dead_letters") >= 2 && _folder.Count("events") <= 1);
    }

    [Fact]
    public async Task Status_shows_pending_events_and_dead_letters()
    {
        var result = await MetrixTool.RunAsync("outbox", "status", Path);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Dead letters: 2 rejected", result.Output);

        var status = await MetrixTool.RunForJsonAsync("outbox", "status", Path);
        var pending = status.GetProperty("pending")[0];
        Assert.Equal("app", pending.GetProperty("appId").GetString());
        Assert.Equal(1, pending.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task List_shows_pending_events_and_dead_letters()
    {
        var result = await MetrixTool.RunAsync("outbox", "list", Path);
        Assert.Contains("rejected 400", result.Output);
        Assert.Contains("نامعلوم [x]", result.Output);
        Assert.Contains("taqsq", result.Output);
    }

    [Fact]
    public async Task Export_writes_one_JSON_object_per_line()
    {
        var result = await MetrixTool.RunAsync("outbox", "export", Path);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line =>
        {
            var letter = JsonDocument.Parse(line).RootElement;
            Assert.Equal("wrong", letter.GetProperty("body").GetProperty("eventSlug").GetString());
        });

        var file = _folder.File("letters.jsonl");
        Assert.Equal(0, (await MetrixTool.RunAsync("outbox", "export", Path, "--pending", "--output", file)).ExitCode);
        var pending = Assert.Single(await File.ReadAllLinesAsync(file, Cancel));
        Assert.Equal("taqsq", JsonDocument.Parse(pending).RootElement.GetProperty("slug").GetString());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(1, (await MetrixTool.RunAsync("outbox", "export", Path, "--output", file)).ExitCode);
    }

    [Fact]
    public async Task Resend_makes_the_application_deliver_dead_letters_again()
    {
        _acceptsEvents = true;
        var result = await MetrixTool.RunAsync("outbox", "resend", Path, "--reason", "400");
        Assert.Equal("2 dead letters are queued again.", result.Output.Trim());
        await _emulator.WaitForAsync(events => events.Count(received => received.EventSlug == "wrong") == 2);
    }

    [Fact]
    public async Task Purge_deletes_only_the_selected_dead_letters()
    {
        Assert.Equal(2, (await MetrixTool.RunAsync("outbox", "purge", Path)).ExitCode);
        Assert.Equal(2, (await MetrixTool.RunAsync("outbox", "purge", Path, "--all=false")).ExitCode);
        Assert.Equal(2, (await MetrixTool.RunAsync("outbox", "purge", Path, "--older-than", "-1.00:00:00")).ExitCode);
        Assert.Equal(
            2, (await MetrixTool.RunAsync("outbox", "purge", Path, "--older-than", "9999999.00:00:00")).ExitCode);
        Assert.Equal(2, _folder.Count("dead_letters"));

        var id = _folder.Scalar("SELECT min(id) FROM dead_letters");
        var purged = await MetrixTool.RunForJsonAsync("outbox", "purge", Path, "--id", $"{id}");
        Assert.Equal((1, 1), (purged.GetProperty("count").GetInt32(), _folder.Count("dead_letters")));

        var purgedOld = await MetrixTool.RunForJsonAsync("outbox", "purge", Path, "--older-than", "1.00:00:00");
        Assert.Equal(0, purgedOld.GetProperty("count").GetInt32());

        await MetrixTool.RunAsync("outbox", "purge", Path, "--all");
        Assert.Equal((0, 1), (_folder.Count("dead_letters"), _folder.Count("events")));
    }

    [Fact]
    public async Task Purge_reports_a_locked_file()
    {
        using var shell = _folder.Connect();
        using var command = shell.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        var result = await MetrixTool.RunAsync("outbox", "purge", Path, "--all");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("another program has locked the file", result.Error);
    }

    [Fact]
    public async Task Status_of_an_empty_file_fails_and_does_not_change_it()
    {
        var file = _folder.File("empty.db");
        await File.WriteAllTextAsync(file, "", Cancel);
        Assert.Equal(1, (await MetrixTool.RunAsync("outbox", "status", file)).ExitCode);
        Assert.Equal(0, new FileInfo(file).Length);
    }

    [Fact]
    public async Task Status_of_a_missing_or_damaged_file_fails()
    {
        var missing = _folder.File("none.db");
        var result = await MetrixTool.RunAsync("outbox", "status", missing);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("does not exist", result.Error);
        Assert.False(File.Exists(missing));

        var damaged = _folder.File("text.db");
        await File.WriteAllTextAsync(damaged, "only text, more than a hundred bytes: " + new string('x', 100), Cancel);
        Assert.Contains("the file is damaged", (await MetrixTool.RunAsync("outbox", "status", damaged)).Error);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    // Rejects the wrong events and never answers the others, so that they stay pending.
    private EmulatorResponse? Answer(EmulatorRequest request)
    {
        if (_acceptsEvents) return null;
        return Encoding.UTF8.GetString(request.Body.Span).Contains("wrong")
            ? new EmulatorResponse(400) { Body = "نامعلوم [x]" }
            : new EmulatorResponse(200) { NeverAnswer = true };
    }

    private void Send(string slug) => _client.Send(new MetrixEvent(
        slug, new MetrixIdentity { MetrixUserId = "u", MetrixSessionId = "s", Idfa = "i" }));
}
