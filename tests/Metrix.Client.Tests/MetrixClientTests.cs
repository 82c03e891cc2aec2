using System.Diagnostics;
using System.Text;
using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests;

public class MetrixClientTests
{
    [Fact]
    public async Task What_is_sent_arrives_with_its_fields()
    {
        await using var sender = await Sender.StartAsync(o => o.Slugs["Purchase"] = "taqsq");
        sender.Client.Send(new MetrixEvent(
            "Purchase",
            new MetrixIdentity
            {
                MetrixUserId = TestData.UserId,
                MetrixSessionId = TestData.SessionId,
                AdvertisingId = TestData.AdvertisingId,
                DeviceIp = "192.168.1.10",
            })
        {
            Time = TestData.Time,
            Properties = new Dictionary<string, object?>
            {
                ["Amount"] = 130.5m,
                ["Currency"] = "ریال",
                ["Address"] = new Dictionary<string, object?> { ["City"] = "Tehran" },
            },
        });

        var arrived = Assert.Single(await sender.CloseAsync());
        Assert.Equal(
            (TestData.UserId, TestData.SessionId, TestData.AdvertisingId, null, "taqsq", "1570274953412", "192.168.1.10"),
            (arrived.MetrixUserId, arrived.MetrixSessionId, arrived.AdvertisingId, arrived.Idfa, arrived.EventSlug,
                arrived.EventTime, arrived.DeviceIp));
        Assert.Equal(
            new Dictionary<string, string> { ["Currency"] = "ریال", ["Address.City"] = "Tehran" }, arrived.CustomAttributes);
        Assert.Equal(new Dictionary<string, double> { ["Amount"] = 130.5 }, arrived.CustomMetrics);
        Assert.Equal((1, 1), (sender.Books.Recognized, sender.Books.Delivered));
    }

    [Fact]
    public async Task A_request_has_the_bare_key_and_no_header_of_tracing()
    {
        await using var sender = await Sender.StartAsync();
        using (new Activity("of the application").Start())
            sender.Client.Send(TestData.Event());

        var request = Assert.Single(await sender.CloseAsync()).Request;
        var headers = request.Headers.ToLookup(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal([TestData.DevKey], headers["Authorization"]);
        Assert.Equal(["application/json"], headers["Content-Type"]);
        Assert.Empty(headers["traceparent"]);
        Assert.StartsWith("{\"metrixUserId\":", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public async Task Without_a_time_it_is_the_moment_of_sending()
    {
        var clock = new AcceleratedTime(1);
        await using var sender = await Sender.StartAsync(o => o.TimeProvider = clock);
        var before = clock.GetUtcNow().ToUnixTimeMilliseconds();
        sender.Client.Send(TestData.Event());
        var after = clock.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.InRange(long.Parse(Assert.Single(await sender.CloseAsync()).EventTime!), before, after);
    }

    [Fact]
    public async Task Several_threads_send_and_each_event_arrives_once()
    {
        await using var sender = await Sender.StartAsync();
        Parallel.For(0, 2_000, i => sender.Client.Send(TestData.Event("taqsq", ("Number", i))));

        var numbers = (await sender.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order();
        Assert.Equal(Enumerable.Range(0, 2_000), numbers);
    }

    [Fact]
    public async Task A_diagnostics_callback_that_throws_harms_nothing()
    {
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
        var client = new MetrixClient(new MetrixOptions
        {
            AppId = appId,
            DevKey = TestData.DevKey,
            Endpoint = emulator.Endpoint,
            Diagnostics = _ => throw new InvalidOperationException("the host's channel is broken"),
        });
        client.Send(new MetrixEvent("", TestData.Identity()));
        client.Send(TestData.Event());
        await client.DisposeAsync();

        Assert.Equal((1, 1), (books.Invalid, books.Delivered));
        books.AssertClosed();
    }
}
