using System.Net;
using System.Net.Sockets;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

public class DeliveryTests
{
    [Fact]
    public async Task The_outcome_is_each_events_own()
    {
        const int Count = 700;
        var refusals = new Refusals();
        await using var shop = await Shop.StartAsync(
            o => o.Accelerate(), answer: refusals.Answer);
        for (var i = 1; i <= Count; i++)
            shop.LogOfUser.Information("<@Purchase> {Number}", i);

        var delivered = (await shop.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order();
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 7 != 0), delivered);

        var rejected = shop.Emulator.Rejected.ToLookup(r => r.Status, r => Refusals.NumberOf(r.Request));
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 7 == 0), rejected[400].Order());
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 10 == 0 && i % 7 != 0), rejected[503].Order());
        Assert.Equal((600, 100, 60), (shop.Books.Delivered, shop.Books.Rejected, shop.Books.Retries()));
    }

    [Fact]
    public async Task A_retry_sends_the_same_bytes()
    {
        var attempts = 0;
        await using var shop = await Shop.StartAsync(
            o => o.Accelerate(),
            answer: _ => Interlocked.Increment(ref attempts) == 1 ? new EmulatorResponse(500) : null);
        shop.LogOfUser.Information("<@Purchase> {Amount}", 130.5);

        var delivered = Assert.Single(await shop.CloseAsync()).Request.Body;
        var refused = Assert.Single(shop.Emulator.Rejected).Request.Body;
        Assert.Equal(refused.ToArray(), delivered.ToArray());
    }

    [Fact]
    public async Task Up_to_the_limit_is_sent_at_once_and_connections_are_kept()
    {
        const int MaxInFlight = 4;
        var (inFlight, most) = (0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(
            o =>
            {
                o.MaxInFlight = MaxInFlight;
                o.HttpMessageHandlerFactory = () => new Watch(new SocketsHttpHandler(), async send =>
                {
                    var now = Interlocked.Increment(ref inFlight);
                    InterlockedMax(ref most, now);
                    if (now == MaxInFlight)
                        all.TrySetResult();
                    await all.Task;
                    var response = await send();
                    Interlocked.Decrement(ref inFlight);
                    return response;
                });
            });
        for (var i = 0; i < 200; i++)
            shop.LogOfUser.Information("<@Purchase>");

        var events = await shop.CloseAsync();
        Assert.Equal(200, events.Count);
        Assert.Equal(MaxInFlight, most);
        Assert.InRange(events.Select(e => e.Request.ConnectionId).Distinct().Count(), 1, MaxInFlight);
    }

    [Fact]
    public async Task Closing_delivers_what_waits_whichever_way_it_is_done()
    {
        await using var shop = await Shop.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 1_000; i++)
            shop.LogOfUser.Information("<@Purchase>");
        shop.Log.Dispose();

        Assert.Equal(1_000, shop.Emulator.Events.Count);
    }

    [Fact]
    public async Task Closing_ends_at_its_limit_when_the_server_accepts_and_never_answers()
    {
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        var said = new List<string>();
        var logger = new LoggerConfiguration().WriteTo.Metrix(options =>
        {
            options.AppId = appId;
            options.DevKey = Shop.DevKey;
            options.Endpoint = new Uri($"http://{silence.LocalEndpoint}");
            options.FlushTimeout = TimeSpan.FromMilliseconds(200);
            options.Diagnostics = message =>
            {
                lock (said)
                    said.Add(message);
            };
        }).CreateLogger();
        for (var i = 0; i < 706; i++)
            logger.ForContext(TestData.Identity).Information("<@abcde>");
        logger.Dispose();

        Assert.Equal(706, books.Abandoned);
        books.AssertClosed();
        Assert.Contains(said, message => message.Contains("706 events that still waited are lost"));
    }

    [Fact]
    public async Task Nothing_listens_and_then_the_server_comes_up()
    {
        // A port that nobody listens on: taken, and given back.
        var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var logger = new LoggerConfiguration().WriteTo.Metrix(options =>
        {
            options.AppId = appId;
            options.DevKey = Shop.DevKey;
            options.Endpoint = new Uri($"http://127.0.0.1:{port}");
            options.Accelerate();
            options.RetryTimeLimit = TimeSpan.FromHours(12);
            options.Diagnostics = message =>
            {
                if (message.Contains("no connection"))
                    failed.TrySetResult();
            };
        }).CreateLogger();
        for (var i = 0; i < 50; i++)
            logger.ForContext(TestData.Identity).Information("<@abcde> {Number}", i);
        await failed.Task;

        await using var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions { Port = port });
        await logger.DisposeAsync();

        Assert.Equal(Enumerable.Range(0, 50), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(50, books.Delivered);
        books.AssertClosed();
    }

    [Fact]
    public async Task Wrong_keys_pause_delivery_and_keep_the_events()
    {
        var isRight = false;
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(
            o =>
            {
                o.Accelerate(factor: 200);
                o.RetryTimeLimit = TimeSpan.FromDays(1);
                o.Diagnostics = message =>
                {
                    if (message.Contains("is DevKey the key of this app?"))
                        paused.TrySetResult();
                };
            },
            answer: _ => Volatile.Read(ref isRight) ? null : new EmulatorResponse(401));
        for (var i = 0; i < 100; i++)
            shop.LogOfUser.Information("<@Purchase>");
        await paused.Task;
        Volatile.Write(ref isRight, true);

        Assert.Equal(100, (await shop.CloseAsync()).Count);
        Assert.Equal(100, shop.Books.Delivered);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_never_carries_the_key()
    {
        await using var elsewhere = await MetrixEmulator.StartAsync();
        await using var shop = await Shop.StartAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(100),
            answer: request => new EmulatorResponse(307)
            {
                Headers = new Dictionary<string, string> { ["Location"] = new Uri(elsewhere.Endpoint, request.Path).ToString() },
            });
        shop.LogOfUser.Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Books.Abandoned);
        Assert.Empty(elsewhere.Events);
        Assert.Empty(elsewhere.Rejected);
    }

    [Fact]
    public async Task Beyond_the_queue_limit_the_newest_is_refused_and_counted()
    {
        await using var shop = await Shop.StartAsync(o =>
        {
            o.QueueLimit = 10;
            o.FlushTimeout = TimeSpan.FromMilliseconds(100);
            o.HttpMessageHandlerFactory = () => new Watch(
                new SocketsHttpHandler(), _ => Task.FromException<HttpResponseMessage>(new HttpRequestException("down")));
        });
        for (var i = 0; i < 25; i++)
            shop.LogOfUser.Information("<@Purchase>");

        Assert.Equal(15, shop.Books.Completed("dropped", "full"));
        await shop.CloseAsync();
        Assert.Equal((25, 15, 10), (shop.Books.Recognized, shop.Books.Dropped, shop.Books.Abandoned));
    }

    [Fact]
    public async Task What_is_logged_after_the_end_is_counted_as_dropped()
    {
        await using var shop = await Shop.StartAsync();
        await shop.CloseAsync();
        shop.LogOfUser.Information("<@Purchase>");

        Assert.Equal(1, shop.Books.Completed("dropped", "closed"));
    }

    [Theory]
    [InlineData("metrix.user_id", "user_id_missing")]
    [InlineData("metrix.session_id", "session_id_missing")]
    [InlineData("metrix.advertising_id", "advertising_id_missing")]
    public async Task What_lacks_an_id_is_not_sent_and_is_said_without_a_value(string missing, string reason)
    {
        var said = new List<string>();
        await using var shop = await Shop.StartAsync(o => o.Diagnostics = said.Add);
        shop.LogOfUser.ForContext(missing, null).Information("<@Purchase> {Secret}", "secret-value");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Books.Completed("invalid", reason));
        Assert.Empty(shop.Emulator.Rejected);
        var message = Assert.Single(said);
        Assert.Contains(missing, message);
        Assert.Contains("taqsq", message);
        Assert.DoesNotContain("secret-value", message);
        Assert.DoesNotContain(TestData.UserId, message);
    }

    [Fact]
    public async Task Both_advertising_ids_are_one_too_many()
    {
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.ForContext("MetrixIdfa", TestData.Idfa).Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Books.Completed("invalid", "advertising_id_ambiguous"));
    }

    [Fact]
    public async Task Its_own_requests_are_neither_traced_nor_carry_a_trace()
    {
        var sources = new HashSet<string>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name is "System.Net.Http" or "Experimental.System.Net.Http.Connections",
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) =>
                System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                lock (sources)
                    sources.Add(activity.Source.Name);
            },
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        using var request = new System.Diagnostics.Activity("request").Start();
        await using var shop = await Shop.StartAsync();
        shop.LogOfUser.Information("<@Purchase>");

        var headers = Assert.Single(await shop.CloseAsync()).Request.Headers;
        Assert.DoesNotContain(headers, h => h.Key.StartsWith("trace", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(headers, h => h.Key.Equals("baggage", StringComparison.OrdinalIgnoreCase));
        lock (sources)
            Assert.DoesNotContain("System.Net.Http", sources);
    }

    [Fact]
    public async Task Many_threads_that_log_while_the_logger_closes_lose_nothing_in_silence()
    {
        await using var shop = await Shop.StartAsync();
        var logger = shop.LogOfUser;
        var started = new CountdownEvent(4);
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                logger.Information("<@Purchase>");
                if (i == 500)
                    started.Signal();
            }
        })).ToArray();
        started.Wait(TestContext.Current.CancellationToken);
        await shop.CloseAsync();
        await Task.WhenAll(writers);

        Assert.Equal(8_000, shop.Books.Recognized);
        Assert.Equal(shop.Emulator.Events.Count, shop.Books.Delivered);
        Assert.Equal(8_000, shop.Books.Delivered + shop.Books.Completed("dropped", "closed"));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    /// <summary>Every seventh event is bad, and every tenth comes at a bad time.</summary>
    private sealed class Refusals
    {
        private readonly HashSet<int> _seen = [];

        public EmulatorResponse? Answer(EmulatorRequest request)
        {
            var number = NumberOf(request);
            if (number % 7 == 0)
                return new EmulatorResponse(400);

            lock (_seen)
                return number % 10 == 0 && _seen.Add(number) ? new EmulatorResponse(503) : null;
        }

        public static int NumberOf(EmulatorRequest request)
        {
            using var body = System.Text.Json.JsonDocument.Parse(request.Body);
            return (int)body.RootElement.GetProperty("customMetrics").GetProperty("Number").GetDouble();
        }
    }

    private sealed class Watch(HttpMessageHandler inner, Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> send)
        : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            send(() => base.SendAsync(request, cancellationToken));
    }
}
