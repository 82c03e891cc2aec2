using System.Collections.Concurrent;
using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that an event whose every attempt fails does not hold up other events.</summary>
public class FailingEventTests
{
    private static readonly Dictionary<string, string> RetryIn20Seconds = new() { ["Retry-After"] = "20" };

    [Theory]
    [InlineData(64, 1)]
    [InlineData(1, 1)]
    [InlineData(64, 7)]
    public async Task Closing_delivers_every_event_except_the_failing_ones(int maxInFlight, int failingCount)
    {
        await using var fixture = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                o.MaxInFlight = maxInFlight;
                o.FlushTimeout = TimeSpan.FromMinutes(1);
            },
            request => IsFailing(request) ? new EmulatorResponse(503) { Headers = RetryIn20Seconds } : null);
        for (var i = 0; i < failingCount; i++)
            fixture.Client.Send(TestData.Event("failing"));
        await fixture.Emulator.WaitForRejectedAsync(1);
        for (var i = 0; i < 20; i++)
            fixture.Client.Send(TestData.Event("taqsq", ("Number", i)));

        Assert.Equal(
            Enumerable.Range(0, 20),
            (await fixture.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal((20, failingCount), (fixture.Meter.Delivered, fixture.Meter.Abandoned));
    }

    [Fact]
    public async Task Other_events_are_delivered_while_failing_events_wait()
    {
        await using var fixture = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                o.FlushTimeout = TimeSpan.FromSeconds(30);
            },
            request => IsFailing(request) ? new EmulatorResponse(500) : null);
        for (var i = 0; i < 10; i++)
            fixture.Client.Send(TestData.Event("failing"));
        await fixture.Emulator.WaitForRejectedAsync(20);
        for (var i = 0; i < 20; i++)
            fixture.Client.Send(TestData.Event("taqsq"));

        await fixture.Emulator.WaitForAsync(20, TimeSpan.FromSeconds(60));
        await fixture.CloseAsync();
        Assert.Equal((20, 10), (fixture.Meter.Delivered, fixture.Meter.Abandoned));
    }

    [Fact]
    public async Task An_event_is_not_retried_before_the_Retry_After_of_the_server()
    {
        var times = new ConcurrentQueue<TimeSpan>();
        TimeProvider? clock = null;
        long start = 0;
        await using var fixture = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                clock = o.TimeProvider;
                start = clock.GetTimestamp();
            },
            _ =>
            {
                times.Enqueue(clock!.GetElapsedTime(start));
                return times.Count == 1 ? new EmulatorResponse(503) { Headers = RetryIn20Seconds } : null;
            });
        fixture.Client.Send(TestData.Event());
        await fixture.Emulator.WaitForAsync(1);

        Assert.Equal(2, times.Count);
        Assert.True(times.Last() - times.First() >= TimeSpan.FromSeconds(20), $"{times.Last() - times.First()}");
    }

    [Fact]
    public async Task A_request_without_a_response_times_out_and_is_retried()
    {
        var requests = 0;
        await using var fixture = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                o.RequestTimeout = TimeSpan.FromSeconds(30);
            },
            _ => new EmulatorResponse(200) { NeverAnswer = Interlocked.Increment(ref requests) == 1 });
        fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal((1, 1), (fixture.Meter.Delivered, fixture.Meter.Retries("timeout")));
    }

    [Fact]
    public async Task Leased_events_expire_when_the_server_is_unreachable()
    {
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.Accelerate();
            o.Period = TimeSpan.FromHours(1);
            o.MaxInFlight = 4;
            o.RetryTimeLimit = TimeSpan.FromSeconds(30);
            o.HttpMessageHandlerFactory = () => new UnreachableHandler();
        });
        for (var i = 0; i < 300; i++)
            fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal(300, fixture.Meter.Expired);
    }

    private static bool IsFailing(EmulatorRequest request) =>
        request.Body.ToArray().AsSpan().IndexOf("\"failing\""u8) >= 0;

    private sealed class UnreachableHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(
                new HttpRequestException(HttpRequestError.ConnectionError, "unreachable"));
    }
}
