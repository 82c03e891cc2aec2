using System.Text;
using Metrix.Client.Tracking;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>
/// Tests that failure listeners and fallbacks get each failed event once, and no delivered event.
/// </summary>
[Collection(SelfLogCollection.Name)]
public class FailureListenerTests
{
    [Fact]
    public async Task A_fallback_gets_only_invalid_rejected_and_dropped_events()
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Answer = request => Encoding.UTF8.GetString(request.Body.Span).Contains("\"Number\":2")
                ? new EmulatorResponse(400)
                : null,
        });
        var fallback = new CollectingSink();
        var logger = new LoggerConfiguration()
            .WriteTo.FallbackChain(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                }),
                to => to.Sink(fallback))
            .CreateLogger();
        var user = logger.ForContext(TestData.Identity);
        user.Information("<@delivered> {Number}", 1);
        user.Information("<@rejected> {Number}", 2);
        logger.Information("<@invalid> {Number}", 3);
        user.Information("ordinary {Number}", 4);
        await logger.DisposeAsync();
        user.Information("<@dropped> {Number}", 5);

        Assert.Equal([2, 3, 5], fallback.Events.Select(e => (int)((ScalarValue)e.Properties["Number"]).Value!).Order());
        Assert.Equal((1, 1, 1, 1), (meter.Delivered, meter.Rejected, meter.Invalid, meter.Dropped));
        meter.AssertClosed();
    }

    [Theory]
    [InlineData(nameof(EventState.Invalid))]
    [InlineData(nameof(EventState.Dropped))]
    [InlineData(nameof(EventState.Rejected))]
    [InlineData(nameof(EventState.Expired))]
    [InlineData(nameof(EventState.Abandoned))]
    public async Task A_listener_gets_the_same_instance_of_each_failed_log_event_once(string stateName)
    {
        var state = Enum.Parse<EventState>(stateName);
        var listener = new Listener();
        var all = new CollectingSink();
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Answer = request => Encoding.UTF8.GetString(request.Body.Span).Contains("\"eventSlug\":\"good\"")
                ? null
                : new EmulatorResponse(state == EventState.Rejected ? 422 : 503)
                {
                    NeverAnswer = state == EventState.Abandoned,
                },
        });
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                    options.QueueLimit = state == EventState.Dropped ? 1 : 1000;
                    options.FlushTimeout = TimeSpan.FromSeconds(state == EventState.Abandoned ? 1 : 100);
                    options.RetryTimeLimit = TimeSpan.FromSeconds(5);
                    if (state == EventState.Expired)
                        options.TimeProvider = new AcceleratedTime(50);
                }),
                listener)
            .WriteTo.Sink(all)
            .CreateLogger())
        {
            var user = logger.ForContext(TestData.Identity);
            user.Information("<@good>");
            await emulator.WaitForAsync(1, TimeSpan.FromSeconds(60));
            await Eventually.TrueAsync(() => meter.Delivered >= 1);

            // With a queue limit of 1, event -1 occupies the queue and the other 20 are dropped.
            for (var number = state == EventState.Dropped ? -1 : 0; number < 20; number++)
                (state == EventState.Invalid ? logger : user).Information("<@bad> {Number}", number);
            if (state == EventState.Dropped)
                await Eventually.TrueAsync(() => meter.Dropped >= 20);
        }

        var failed = listener.Failures.SelectMany(failure => failure.Events).Where(e => NumberOf(e) >= 0).ToList();
        Assert.Equal(Enumerable.Range(0, 20), failed.Select(NumberOf).Order());
        Assert.All(failed, e => Assert.Contains(all.Events, original => ReferenceEquals(e, original)));
        Assert.Equal(20, state switch
        {
            EventState.Invalid => meter.Invalid,
            EventState.Dropped => meter.Dropped,
            EventState.Rejected => meter.Completed("rejected", "422"),
            EventState.Expired => meter.Expired,
            _ => meter.Abandoned,
        });
        meter.AssertClosed();

        static int NumberOf(LogEvent logEvent) =>
            logEvent.Properties.TryGetValue("Number", out var value) ? (int)((ScalarValue)value).Value! : -1;
    }

    [Fact]
    public async Task Log_events_kept_for_a_listener_count_against_the_size_limit()
    {
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Answer = _ => new EmulatorResponse(200) { NeverAnswer = true } });
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using (var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                    options.OutboxSizeLimit = 1 << 20;
                    options.FlushTimeout = TimeSpan.FromMilliseconds(100);
                    options.Exclude.Add("Note");
                }),
                new Listener())
            .CreateLogger())
        {
            for (var number = 0; number < 200; number++)
                logger.ForContext(TestData.Identity).Information("<@abcde> {Note}", new string('n', 10_000));
        }

        // The log event keeps the note although it is not sent, with two bytes per character.
        Assert.InRange(meter.Completed("dropped", "full"), 145, 160);
        meter.AssertClosed();
    }

    [Fact]
    public async Task A_fallback_file_works_with_configuration_alone()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.log");
        try
        {
            await using var shop = await Shop.StartAsync($$"""
                { "Serilog": {
                    "Using": [ "Serilog.Sinks.File" ],
                    "Enrich": [ "FromLogContext" ],
                    "WriteTo": [ { "Name": "FallbackChain", "Args": {
                      "configureSink": [ { "Name": "Metrix", "Args": { "restrictedToMinimumLevel": "Information" } } ],
                      "configureFallback": [ { "Name": "File", "Args": { "path": "{{path}}" } } ] } } ] },
                  "Metrix": { "AppId": "APPID", "DevKey": "{{Shop.DevKey}}", "Endpoint": "ENDPOINT" } }
                """);
            shop.UserLogger.Information("<@delivered> {Number}", 1);
            shop.Logger.Information("<@invalid> {Number}", 2);
            shop.UserLogger.Information("ordinary {Number}", 3);
            Assert.Equal("delivered", Assert.Single(await shop.CloseAsync()).EventSlug);

            var lines = await System.IO.File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            Assert.EndsWith("<@invalid> 2", Assert.Single(lines));
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public async Task A_listener_gets_an_abandoned_event_as_a_final_failure()
    {
        var listener = new Listener();
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync(
            new MetrixEmulatorOptions { Answer = _ => new EmulatorResponse(200) { NeverAnswer = true } });
        var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                    options.FlushTimeout = TimeSpan.FromMilliseconds(100);
                }),
                listener)
            .CreateLogger();
        logger.ForContext(TestData.Identity).Information("<@abcde> {Number}", 1);
        await logger.DisposeAsync();

        var (kind, events) = Assert.Single(listener.Failures);
        Assert.Equal(LoggingFailureKind.Final, kind);
        Assert.Equal("<@abcde> {Number}", Assert.Single(events).MessageTemplate.Text);
        Assert.Equal(1, meter.Abandoned);
        meter.AssertClosed();
    }

    [Fact]
    public async Task An_exception_in_a_listener_is_reported_and_does_not_stop_delivery()
    {
        var messages = new List<string>();
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await TestEmulator.StartAsync();
        var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                    options.Diagnostics = messages.Add;
                }),
                new Listener { Exception = new InvalidOperationException("{0} {") })
            .CreateLogger();
        logger.Information("<@invalid>");
        logger.ForContext(TestData.Identity).Information("<@abcde>");
        await logger.DisposeAsync();

        Assert.Equal((1, 1), (meter.Invalid, meter.Delivered));
        Assert.Contains(messages, message => message.Contains("InvalidOperationException"));
        meter.AssertClosed();
    }

    [Fact]
    public async Task Braces_in_a_message_are_written_to_the_self_log_literally()
    {
        var messages = new List<string>();
        try
        {
            SelfLog.Enable(message =>
            {
                lock (messages)
                    messages.Add(message);
            });
            await using var shop = await Shop.StartAsync(o => o.Diagnostics = null);
            shop.Logger.ForContext("metrix.slug", "{slug} {0} {").Information("No ids");
            await shop.CloseAsync();
        }
        finally
        {
            SelfLog.Disable();
        }

        lock (messages)
        {
            Assert.Contains(
                messages, message => message.Contains("an event with the slug \"{slug} {0} {\" was not sent"));
        }
    }

    private sealed class Listener : ILoggingFailureListener
    {
        public List<(LoggingFailureKind Kind, IReadOnlyCollection<LogEvent> Events)> Failures { get; } = [];

        public Exception? Exception { get; init; }

        public void OnLoggingFailed(
            object sender, LoggingFailureKind kind, string message,
            IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            if (Exception is not null)
                throw Exception;
            lock (Failures)
                Failures.Add((kind, events ?? []));
        }
    }
}
