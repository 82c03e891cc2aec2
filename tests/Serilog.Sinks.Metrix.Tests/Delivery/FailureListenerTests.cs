using Metrix.Client.Tracking;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>
/// Serilog's own channels for what goes wrong: exactly the events that failed, once each, and none that was delivered.
/// </summary>
[Collection(SelfLogCollection.Name)]
public class FailureListenerTests
{
    [Fact]
    public async Task A_fallback_gets_what_was_invalid_rejected_or_dropped_and_nothing_else()
    {
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Answer = request => System.Text.Encoding.UTF8.GetString(request.Body.Span).Contains("\"Number\":2")
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
        Assert.Equal((1, 1, 1, 1), (books.Delivered, books.Rejected, books.Invalid, books.Dropped));
        books.AssertClosed();
    }

    [Theory]
    [InlineData(nameof(EventState.Invalid))]
    [InlineData(nameof(EventState.Dropped))]
    [InlineData(nameof(EventState.Rejected))]
    [InlineData(nameof(EventState.Expired))]
    [InlineData(nameof(EventState.Abandoned))]
    public async Task A_listener_gets_the_very_log_events_that_were_not_delivered_once_each(string stateName)
    {
        var state = Enum.Parse<EventState>(stateName);
        var listener = new Listener();
        var all = new CollectingSink();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Answer = request => System.Text.Encoding.UTF8.GetString(request.Body.Span).Contains("\"eventSlug\":\"good\"")
                ? null
                : new EmulatorResponse(state == EventState.Rejected ? 422 : 503) { NeverAnswer = state == EventState.Abandoned },
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
            while (books.Delivered < 1)
                await Task.Delay(1, TestContext.Current.CancellationToken);

            // With room for one: the one that is tried, and those that are refused.
            for (var number = state == EventState.Dropped ? -1 : 0; number < 20; number++)
                (state == EventState.Invalid ? logger : user).Information("<@bad> {Number}", number);
            if (state == EventState.Dropped)
            {
                while (books.Dropped < 20)
                    await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }

        var told = listener.Failures.SelectMany(failure => failure.Events).Where(e => Number(e) >= 0).ToList();
        Assert.Equal(Enumerable.Range(0, 20), told.Select(Number).Order());
        Assert.All(told, e => Assert.Contains(all.Events, original => ReferenceEquals(e, original)));
        Assert.Equal(20, state switch
        {
            EventState.Invalid => books.Invalid,
            EventState.Dropped => books.Dropped,
            EventState.Rejected => books.Completed("rejected", "422"),
            EventState.Expired => books.Expired,
            _ => books.Abandoned,
        });
        books.AssertClosed();

        static int Number(LogEvent logEvent) =>
            logEvent.Properties.TryGetValue("Number", out var value) ? (int)((ScalarValue)value).Value! : -1;
    }

    [Fact]
    public async Task What_is_kept_for_a_listener_counts_against_the_limit_of_bytes()
    {
        await using var emulator = await MetrixEmulator.StartAsync(
            new MetrixEmulatorOptions { Answer = _ => new EmulatorResponse(200) { NeverAnswer = true } });
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
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

        // A note that is not sent is kept all the same: two bytes a character.
        Assert.InRange(books.Completed("dropped", "full"), 145, 160);
        books.AssertClosed();
    }

    [Fact]
    public async Task A_file_of_what_failed_needs_no_code()
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
            shop.LogOfUser.Information("<@delivered> {Number}", 1);
            shop.Log.Information("<@invalid> {Number}", 2);
            shop.LogOfUser.Information("ordinary {Number}", 3);
            Assert.Equal("delivered", Assert.Single(await shop.CloseAsync()).EventSlug);

            Assert.EndsWith("<@invalid> 2", Assert.Single(await System.IO.File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)));
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public async Task A_listener_gets_what_was_abandoned_as_final()
    {
        var listener = new Listener();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync(
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
        Assert.Equal(1, books.Abandoned);
        books.AssertClosed();
    }

    [Fact]
    public async Task A_listener_that_throws_harms_nothing()
    {
        var said = new List<string>();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
        var logger = new LoggerConfiguration()
            .WriteTo.Fallible(
                to => to.Metrix(options =>
                {
                    options.AppId = appId;
                    options.DevKey = Shop.DevKey;
                    options.Endpoint = emulator.Endpoint;
                    options.Diagnostics = said.Add;
                }),
                new Listener { Exception = new InvalidOperationException("{0} {") })
            .CreateLogger();
        logger.Information("<@invalid>");
        logger.ForContext(TestData.Identity).Information("<@abcde>");
        await logger.DisposeAsync();

        Assert.Equal((1, 1), (books.Invalid, books.Delivered));
        Assert.Contains(said, message => message.Contains("InvalidOperationException"));
        books.AssertClosed();
    }

    [Fact]
    public async Task Braces_in_what_is_said_do_not_reach_the_self_log_as_a_format()
    {
        var said = new List<string>();
        try
        {
            SelfLog.Enable(message =>
            {
                lock (said)
                    said.Add(message);
            });
            await using var shop = await Shop.StartAsync();
            shop.Log.ForContext("metrix.slug", "{slug} {0} {").Information("No ids");
            await shop.CloseAsync();
        }
        finally
        {
            SelfLog.Disable();
        }

        lock (said)
            Assert.Contains(said, message => message.Contains("an event with the slug \"{slug} {0} {\" is not sent"));
    }

    private sealed class Listener : ILoggingFailureListener
    {
        public List<(LoggingFailureKind Kind, IReadOnlyCollection<LogEvent> Events)> Failures { get; } = [];

        public Exception? Exception { get; init; }

        public void OnLoggingFailed(
            object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            if (Exception is not null)
                throw Exception;
            lock (Failures)
                Failures.Add((kind, events ?? []));
        }
    }
}
