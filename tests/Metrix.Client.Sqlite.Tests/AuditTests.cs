using System.Text;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Calls that return when their event is safe, and throw when it is not.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"app-{Guid.NewGuid():N}";
    private readonly MeterRecorder _books;

    public AuditTests() => _books = new MeterRecorder(_name);

    [Fact]
    public async Task When_the_call_returns_the_event_is_in_the_file()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        await using (var log = Create(silent.Endpoint, isDurable: true))
        {
            for (var number = 1; number <= 50; number++)
            {
                log.Information("<@taqsq> {Number}", number);
                Assert.Equal(number, _folder.Count("events"));
            }

            log.Information("no event {Number}", 51);
        }

        Assert.Equal(50, _books.Kept);
    }

    [Fact]
    public async Task Many_threads_share_their_commits_and_each_event_is_safe_and_delivered()
    {
        await using var emulator = await Server.StartAsync();
        await using (var log = Create(emulator.Endpoint, isDurable: true))
        {
            var threads = Enumerable.Range(0, 32).Select(thread => new Thread(() =>
            {
                for (var i = 0; i < 50; i++)
                    log.Information("<@taqsq> {Number}", (thread * 50) + i);
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
        }

        Assert.Equal(Enumerable.Range(0, 1_600), emulator.Numbers().Order());
    }

    [Fact]
    public async Task A_call_whose_event_cannot_be_written_throws_and_the_event_is_not_delivered_later()
    {
        await using var emulator = await Server.StartAsync();
        await using (var log = Create(emulator.Endpoint, isDurable: true))
        {
            log.Information("<@taqsq> {Number}", 1);
            await emulator.WaitForAsync(1);
            using (var shell = _folder.Connect())
            {
                using var command = shell.CreateCommand();
                command.CommandText = "BEGIN EXCLUSIVE";
                command.ExecuteNonQuery();
                Assert.Contains("the event could not be written to the outbox: another program has locked the file", FailureOf(log, 2));
            }

            log.Information("<@taqsq> {Number}", 3);
        }

        Assert.Equal([1, 3], emulator.Numbers().Order());
        Assert.Equal((2, 1), (_books.Delivered, _books.Completed("dropped", "outbox")));
    }

    [Fact]
    public async Task Without_a_file_the_event_is_delivered_when_the_call_returns()
    {
        await using var emulator = await Server.StartAsync();
        await using var log = Create(emulator.Endpoint, isDurable: false);
        for (var number = 1; number <= 5; number++)
        {
            log.Information("<@taqsq> {Number}", number);
            Assert.Equal(number, emulator.Events.Count);
        }
    }

    [Fact]
    public async Task Without_a_file_a_call_throws_what_was_not_delivered()
    {
        EmulatorResponse? answer = new(422);
        await using var emulator = await Server.StartAsync(_ => answer);
        await using var log = Create(emulator.Endpoint, isDurable: false, options => options.FlushTimeout = TimeSpan.FromMilliseconds(300));
        Assert.Contains("rejected an event with the slug \"taqsq\"", FailureOf(log, 1));
        answer = Server.Silence;
        Assert.Contains("could not be delivered within FlushTimeout", FailureOf(log, 2));
        Assert.Equal((1, 1), (_books.Rejected, _books.Abandoned));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_invalid_event_throws(bool isDurable)
    {
        await using var emulator = await Server.StartAsync();
        await using var log = Create(emulator.Endpoint, isDurable, configure: null);
        Assert.Contains("it has no metrix.user_id", FailureOf(log.ForContext("metrix.user_id", null), 1));
        Assert.Equal(1, _books.Invalid);
    }

    [Fact]
    public async Task After_the_end_a_call_throws()
    {
        await using var emulator = await Server.StartAsync();
        var log = Create(emulator.Endpoint, isDurable: true);
        await log.DisposeAsync();
        Assert.Contains("closed", FailureOf(log, 1));
    }

    [Fact]
    public async Task Configuration_alone_sets_it_up()
    {
        await using var silent = await Server.StartAsync(_ => Server.Silence);
        var json = $$"""
            { "Serilog": { "AuditTo": [ { "Name": "Metrix", "Args": { "outboxPath": "{{_folder.File("metrix.db")}}", "flushTimeout": "00:00:00.050" } } ] },
              "Metrix": { "Apps": { "{{_name}}": { "AppId": "app", "DevKey": "{{Durable.DevKey}}" } }, "Endpoint": "{{silent.Endpoint}}" } }
            """;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        await using var log = OfUser(new LoggerConfiguration().ReadFrom.Configuration(configuration)).CreateLogger();
        log.Information("<@taqsq> {Number}", 1);

        Assert.Equal(1, _folder.Count("events"));
    }

    public void Dispose()
    {
        _books.AssertClosed();
        _books.Dispose();
        _folder.Dispose();
    }

    private static string FailureOf(ILogger log, int number)
    {
        var thrown = Assert.Throws<AggregateException>(() => log.Information("<@taqsq> {Number}", number));
        return Assert.IsType<LoggingFailedException>(Assert.Single(thrown.InnerExceptions)).Message;
    }

    private static LoggerConfiguration OfUser(LoggerConfiguration configuration) => configuration
        .Enrich.WithProperty("metrix.user_id", "the-user").Enrich.WithProperty("metrix.session_id", "the-session")
        .Enrich.WithProperty("metrix.idfa", "the-idfa");

    private Logger Create(Uri endpoint, bool isDurable, Action<MetrixOptions>? configure = null) => OfUser(new LoggerConfiguration())
        .AuditTo.Metrix(options =>
        {
            options.Apps[_name] = new MetrixAppOptions { AppId = "app", DevKey = Durable.DevKey };
            options.Endpoint = endpoint;
            options.FlushTimeout = TimeSpan.FromSeconds(isDurable ? 1 : 30);
            options.OutboxPath = isDurable ? _folder.File("metrix.db") : null;
            configure?.Invoke(options);
        }).CreateLogger();
}
