using System.Net;
using System.Net.Sockets;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests retries, concurrency and outages.</summary>
public class DeliveryTests
{
    [Fact]
    public async Task Each_event_of_a_batch_has_its_own_outcome()
    {
        const int Count = 700;
        var script = new AnswerScript();
        await using var shop = await Shop.StartAsync(o => o.Accelerate(), answer: script.Answer);
        for (var i = 1; i <= Count; i++)
            shop.UserLogger.Information("<@Purchase> {Number}", i);

        var delivered = (await shop.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order();
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 7 != 0), delivered);

        var rejected = shop.Emulator.Rejected.ToLookup(r => r.Status, r => AnswerScript.NumberOf(r.Request));
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 7 == 0), rejected[400].Order());
        Assert.Equal(Enumerable.Range(1, Count).Where(i => i % 10 == 0 && i % 7 != 0), rejected[503].Order());
        Assert.Equal((600, 100, 60), (shop.Meter.Delivered, shop.Meter.Rejected, shop.Meter.Retries()));
    }

    [Fact]
    public async Task A_retry_sends_the_same_bytes()
    {
        var attempts = 0;
        await using var shop = await Shop.StartAsync(
            o => o.Accelerate(),
            answer: _ => Interlocked.Increment(ref attempts) == 1 ? new EmulatorResponse(500) : null);
        shop.UserLogger.Information("<@Purchase> {Amount}", 130.5);

        var delivered = Assert.Single(await shop.CloseAsync()).Request.Body;
        var rejected = Assert.Single(shop.Emulator.Rejected).Request.Body;
        Assert.Equal(rejected.ToArray(), delivered.ToArray());
    }

    [Fact]
    public async Task Requests_run_concurrently_up_to_the_limit_and_reuse_connections()
    {
        const int MaxInFlight = 4;
        var (inFlight, maxObserved) = (0, 0);
        var isLimitReached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(
            o =>
            {
                o.MaxInFlight = MaxInFlight;
                o.HttpMessageHandlerFactory = () => new InterceptingHandler(new SocketsHttpHandler(), async send =>
                {
                    var now = Interlocked.Increment(ref inFlight);
                    InterlockedMax(ref maxObserved, now);
                    if (now == MaxInFlight)
                        isLimitReached.TrySetResult();
                    await isLimitReached.Task;
                    var response = await send();
                    Interlocked.Decrement(ref inFlight);
                    return response;
                });
            });
        for (var i = 0; i < 200; i++)
            shop.UserLogger.Information("<@Purchase>");

        var events = await shop.CloseAsync();
        Assert.Equal(200, events.Count);
        Assert.Equal(MaxInFlight, maxObserved);
        Assert.InRange(events.Select(e => e.Request.ConnectionId).Distinct().Count(), 1, MaxInFlight);
    }

    [Fact]
    public async Task Events_are_delivered_when_an_unreachable_server_comes_up()
    {
        // Bind a free port and release it, so that no server listens on it.
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
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
        await failed.Task.WaitAsync(Eventually.Limit);

        await using var emulator = await TestEmulator.StartAsync(new MetrixEmulatorOptions { Port = port });
        await logger.DisposeAsync();

        Assert.Equal(Enumerable.Range(0, 50), emulator.Events.Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal(50, meter.Delivered);
        meter.AssertClosed();
    }

    [Fact]
    public async Task A_wrong_key_pauses_delivery_and_keeps_the_events()
    {
        var isKeyCorrect = false;
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await Shop.StartAsync(
            o =>
            {
                o.Accelerate(factor: 200);
                o.RetryTimeLimit = TimeSpan.FromDays(1);
                o.Diagnostics = message =>
                {
                    if (message.Contains("401 Unauthorized"))
                        paused.TrySetResult();
                };
            },
            answer: _ => Volatile.Read(ref isKeyCorrect) ? null : new EmulatorResponse(401));
        for (var i = 0; i < 100; i++)
            shop.UserLogger.Information("<@Purchase>");
        await paused.Task.WaitAsync(Eventually.Limit);
        Volatile.Write(ref isKeyCorrect, true);

        Assert.Equal(100, (await shop.CloseAsync()).Count);
        Assert.Equal(100, shop.Meter.Delivered);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int current;
        while ((current = Volatile.Read(ref target)) < value &&
            Interlocked.CompareExchange(ref target, value, current) != current)
        {
        }
    }

    /// <summary>
    /// Answers 400 to every seventh event, and 503 to the first attempt of every tenth of the others.
    /// </summary>
    private sealed class AnswerScript
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
}
