using System.Text;
using Metrix.Client.Sqlite.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;

namespace Metrix.Client.Sqlite.Tests;

/// <summary>Tests that an audit call returns when its event is durable or delivered, and throws otherwise.</summary>
public sealed class AuditTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = TestUser.AppId();
    private readonly MeterRecorder _meter;

    public AuditTests() => _meter = new MeterRecorder(_name);

    [Fact]
    public async Task A_call_returns_when_the_event_is_in_the_file()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        await using (var log = Create(unresponsive.Endpoint, isDurable: true))
        {
            for (var number = 1; number <= 50; number++)
            {
                log.Information("<@taqsq> {Number}", number);
                Assert.Equal(number, _folder.Count("events"));
            }

            log.Information("no event {Number}", 51);
        }

        Assert.Equal(50, _meter.Kept);
    }

    [Fact]
    public async Task Events_of_many_threads_are_delivered_once_each()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using (var log = Create(emulator.Endpoint, isDurable: true, o => o.FlushTimeout = Limit))
        {
            var threads = Enumerable.Range(0, 32).Select(thread => new Thread(() =>
            {
                for (var i = 0; i < 50; i++)
                    log.Information("<@taqsq> {Number}", (thread * 50) + i);
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
        }

        Assert.Equal(Enumerable.Range(0, 1_600), emulator.ReceivedNumbers().Order());
    }

    [Fact]
    public async Task A_call_whose_event_cannot_be_written_throws_and_drops_the_event()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using (var log = Create(emulator.Endpoint, isDurable: true, o => o.FlushTimeout = Limit))
        {
            log.Information("<@taqsq> {Number}", 1);
            await emulator.WaitForAsync(1);
            using (var connection = _folder.Connect())
            {
                connection.Execute("BEGIN EXCLUSIVE");
                Assert.Contains(
                    "the event could not be written to the outbox: another program has locked the file",
                    FailureOf(log, 2));
            }

            log.Information("<@taqsq> {Number}", 3);
        }

        Assert.Equal([1, 3], emulator.ReceivedNumbers().Order());
        Assert.Equal((2, 1), (_meter.Delivered, _meter.Completed("dropped", "outbox")));
    }

    [Fact]
    public async Task A_call_throws_at_the_limit_when_the_disk_hangs_and_its_event_stays_pending()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var log = Create(
            emulator.Endpoint, isDurable: true, options => options.FlushTimeout = TimeSpan.FromMilliseconds(50));
        using (var connection = _folder.Connect())
        {
            // The writer waits seconds for the lock. The call must not.
            connection.Execute("BEGIN EXCLUSIVE");
            Assert.Contains("may be stored and delivered later", FailureOf(log, 1));
            Assert.Equal((1, 0, 0), (_meter.Pending, _meter.Dropped, _meter.Abandoned));
            connection.Execute("COMMIT");
        }

        await emulator.WaitForAsync(1);
        await Eventually.TrueAsync(() => _meter.Delivered == 1);
    }

    [Fact]
    public async Task An_event_is_not_sent_after_its_call_without_a_file_has_thrown()
    {
        var isAvailable = false;
        await using var emulator = await AppEmulator.StartAsync(
            _ => Volatile.Read(ref isAvailable) ? null : new EmulatorResponse(503));
        await using var log = Create(emulator.Endpoint, isDurable: false, options =>
        {
            options.FlushTimeout = TimeSpan.FromSeconds(1);
            options.QueueLimit = 1;
        });
        Assert.Contains("could not be delivered within FlushTimeout", FailureOf(log, 1));
        Volatile.Write(ref isAvailable, true);

        // It takes no slot of the queue, either.
        log.Information("<@taqsq> {Number}", 2);
        await log.DisposeAsync();
        Assert.Equal([2], emulator.ReceivedNumbers());
        Assert.Equal((1, 1), (_meter.Abandoned, _meter.Delivered));
    }

    [Fact]
    public async Task A_call_without_a_file_returns_when_the_event_is_delivered()
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var log = Create(emulator.Endpoint, isDurable: false);
        for (var number = 1; number <= 5; number++)
        {
            log.Information("<@taqsq> {Number}", number);
            Assert.Equal(number, emulator.Events.Count);
        }
    }

    [Fact]
    public async Task A_call_without_a_file_throws_when_the_event_is_not_delivered()
    {
        EmulatorResponse? answer = new(422);
        await using var emulator = await AppEmulator.StartAsync(_ => answer);
        await using var log = Create(
            emulator.Endpoint, isDurable: false, options => options.FlushTimeout = TimeSpan.FromMilliseconds(300));
        Assert.Contains("rejected an event with the slug \"taqsq\"", FailureOf(log, 1));
        answer = AppEmulator.NoResponse;
        Assert.Contains("could not be delivered within FlushTimeout", FailureOf(log, 2));
        Assert.Equal((1, 1), (_meter.Rejected, _meter.Abandoned));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_throws_when_the_event_is_invalid(bool isDurable)
    {
        await using var emulator = await AppEmulator.StartAsync();
        await using var log = Create(emulator.Endpoint, isDurable);
        Assert.Contains("it has no metrix.user_id", FailureOf(log.ForContext("metrix.user_id", null), 1));
        Assert.Equal(1, _meter.Invalid);
    }

    [Fact]
    public async Task A_call_throws_after_the_logger_is_closed()
    {
        await using var emulator = await AppEmulator.StartAsync();
        var log = Create(emulator.Endpoint, isDurable: true);
        await log.DisposeAsync();
        Assert.Contains("closed", FailureOf(log, 1));
    }

    [Fact]
    public async Task The_audit_sink_can_be_set_up_by_configuration()
    {
        await using var unresponsive = await AppEmulator.StartUnresponsiveAsync();
        var json = $$"""
            {
              "Serilog": {
                "AuditTo": [
                  {
                    "Name": "Metrix",
                    "Args": { "outboxPath": "{{_folder.File("metrix.db")}}", "flushTimeout": "00:00:00.050" }
                  }
                ]
              },
              "Metrix": {
                "Apps": { "{{_name}}": { "AppId": "app", "DevKey": "{{TestUser.DevKey}}" } },
                "Endpoint": "{{unresponsive.Endpoint}}"
              }
            }
            """;
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .Build();
        await using var log = WithUser(new LoggerConfiguration().ReadFrom.Configuration(configuration)).CreateLogger();
        log.Information("<@taqsq> {Number}", 1);

        Assert.Equal(1, _folder.Count("events"));
    }

    public void Dispose()
    {
        _meter.AssertClosed();
        _meter.Dispose();
        _folder.Dispose();
    }

    private static string FailureOf(ILogger log, int number)
    {
        var thrown = Assert.Throws<AggregateException>(() => log.Information("<@taqsq> {Number}", number));
        return Assert.IsType<LoggingFailedException>(Assert.Single(thrown.InnerExceptions)).Message;
    }

    private static LoggerConfiguration WithUser(LoggerConfiguration configuration) => configuration
        .Enrich.WithProperty("metrix.user_id", TestUser.UserId)
        .Enrich.WithProperty("metrix.session_id", TestUser.SessionId)
        .Enrich.WithProperty("metrix.idfa", TestUser.Idfa);

    private Logger Create(Uri endpoint, bool isDurable, Action<MetrixOptions>? configure = null) =>
        WithUser(new LoggerConfiguration()).AuditTo.Metrix(options =>
        {
            options.Apps[_name] = new MetrixAppOptions { AppId = "app", DevKey = TestUser.DevKey };
            options.Endpoint = endpoint;
            options.FlushTimeout = TimeSpan.FromSeconds(isDurable ? 1 : 30);
            options.OutboxPath = isDurable ? _folder.File("metrix.db") : null;
            configure?.Invoke(options);
        }).CreateLogger();
}
