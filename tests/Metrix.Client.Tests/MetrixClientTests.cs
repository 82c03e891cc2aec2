using System.Diagnostics;
using System.Globalization;
using System.Text;
using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests;

public class MetrixClientTests
{
    [Fact]
    public async Task Send_delivers_an_event_with_all_its_fields()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Slugs["Purchase"] = "taqsq");
        fixture.Client.Send(new MetrixEvent(
            "Purchase",
            new MetrixIdentity
            {
                MetrixUserId = TestUser.UserId,
                MetrixSessionId = TestUser.SessionId,
                AdvertisingId = TestUser.AdvertisingId,
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

        var arrived = Assert.Single(await fixture.CloseAsync());
        Assert.Equal(
            (TestUser.UserId, TestUser.SessionId, TestUser.AdvertisingId, null, "taqsq", "1570274953412",
                "192.168.1.10"),
            (arrived.MetrixUserId, arrived.MetrixSessionId, arrived.AdvertisingId, arrived.Idfa, arrived.EventSlug,
                arrived.EventTime, arrived.DeviceIp));
        Assert.Equal(
            new Dictionary<string, string> { ["Currency"] = "ریال", ["Address.City"] = "Tehran" },
            arrived.CustomAttributes);
        Assert.Equal(new Dictionary<string, double> { ["Amount"] = 130.5 }, arrived.CustomMetrics);
        Assert.Equal((1, 1), (fixture.Meter.Recognized, fixture.Meter.Delivered));
    }

    [Fact]
    public async Task A_request_carries_the_bare_key_and_no_tracing_headers()
    {
        await using var fixture = await ClientFixture.StartAsync();
        using (new Activity("application").Start())
            fixture.Client.Send(TestData.Event());

        var request = Assert.Single(await fixture.CloseAsync()).Request;
        var headers = request.Headers.ToLookup(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal([TestUser.DevKey], headers["Authorization"]);
        Assert.Equal(["application/json"], headers["Content-Type"]);
        Assert.Empty(headers["traceparent"]);
        Assert.StartsWith("{\"metrixUserId\":", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public async Task An_event_without_a_time_gets_the_time_of_the_send()
    {
        var clock = new AcceleratedTime(1);
        await using var fixture = await ClientFixture.StartAsync(o => o.TimeProvider = clock);
        var before = clock.GetUtcNow().ToUnixTimeMilliseconds();
        fixture.Client.Send(TestData.Event());
        var after = clock.GetUtcNow().ToUnixTimeMilliseconds();

        var eventTime = Assert.Single(await fixture.CloseAsync()).EventTime!;
        Assert.InRange(long.Parse(eventTime, CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public async Task Events_sent_by_several_threads_arrive_once_each()
    {
        await using var fixture = await ClientFixture.StartAsync();
        Parallel.For(0, 2_000, i => fixture.Client.Send(TestData.Event("taqsq", ("Number", i))));

        var numbers = (await fixture.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order();
        Assert.Equal(Enumerable.Range(0, 2_000), numbers);
    }

    [Fact]
    public async Task A_throwing_diagnostics_callback_does_not_affect_delivery()
    {
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        await using var emulator = await MetrixEmulator.StartAsync();
        var client = new MetrixClient(new MetrixOptions
        {
            AppId = appId,
            DevKey = TestUser.DevKey,
            Endpoint = emulator.Endpoint,
            Diagnostics = _ => throw new InvalidOperationException("the callback failed"),
        });
        client.Send(new MetrixEvent("", TestUser.Identity()));
        client.Send(TestData.Event());
        await client.DisposeAsync();

        Assert.Equal((1, 1), (meter.Invalid, meter.Delivered));
        meter.AssertClosed();
    }

    [Theory]
    [InlineData("http://192.0.2.1", true)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("http://localhost:1", false)]
    [InlineData("https://192.0.2.1", false)]
    public async Task A_plain_HTTP_endpoint_is_reported_unless_it_is_local(string endpoint, bool isReported)
    {
        var messages = new List<string>();
        await using (new MetrixClient(TestData.Options(o =>
        {
            o.Endpoint = new Uri(endpoint);
            o.Diagnostics = messages.Add;
        })))
        {
        }

        Assert.Equal(isReported ? 1 : 0, messages.Count(message => message.Contains("clear text")));
    }
}
