using System.Collections.Concurrent;
using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>An event that fails whenever it is tried harms no other.</summary>
public class BadEventTests
{
    private static readonly Dictionary<string, string> Later = new() { ["Retry-After"] = "20" };

    [Theory]
    [InlineData(64, 1)]
    [InlineData(1, 1)]
    [InlineData(64, 7)]
    public async Task Closing_delivers_all_others(int maxInFlight, int bad)
    {
        await using var sender = await Sender.StartAsync(
            o =>
            {
                o.Accelerate();
                o.MaxInFlight = maxInFlight;
                o.FlushTimeout = TimeSpan.FromMinutes(1);
            },
            request => IsBad(request) ? new EmulatorResponse(503) { Headers = Later } : null);
        for (var i = 0; i < bad; i++)
            sender.Client.Send(TestData.Event("bad"));
        await sender.Emulator.WaitForRejectedAsync(1);
        for (var i = 0; i < 20; i++)
            sender.Client.Send(TestData.Event("taqsq", ("Number", i)));

        Assert.Equal(Enumerable.Range(0, 20), (await sender.CloseAsync()).Select(e => (int)e.CustomMetrics["Number"]).Order());
        Assert.Equal((20, bad), (sender.Books.Delivered, sender.Books.Abandoned));
    }

    [Fact]
    public async Task Others_are_delivered_while_it_waits()
    {
        await using var sender = await Sender.StartAsync(
            o =>
            {
                o.Accelerate();
                o.FlushTimeout = TimeSpan.FromSeconds(30);
            },
            request => IsBad(request) ? new EmulatorResponse(500) : null);
        for (var i = 0; i < 10; i++)
            sender.Client.Send(TestData.Event("bad"));
        await sender.Emulator.WaitForRejectedAsync(20);
        for (var i = 0; i < 20; i++)
            sender.Client.Send(TestData.Event("taqsq"));

        await sender.Emulator.WaitForAsync(20, TimeSpan.FromSeconds(60));
        await sender.CloseAsync();
        Assert.Equal((20, 10), (sender.Books.Delivered, sender.Books.Abandoned));
    }

    [Fact]
    public async Task An_event_is_left_alone_for_as_long_as_the_server_asks()
    {
        var times = new ConcurrentQueue<TimeSpan>();
        TimeProvider? clock = null;
        long start = 0;
        await using var sender = await Sender.StartAsync(
            o =>
            {
                o.Accelerate();
                clock = o.TimeProvider;
                start = clock.GetTimestamp();
            },
            _ =>
            {
                times.Enqueue(clock!.GetElapsedTime(start));
                return times.Count == 1 ? new EmulatorResponse(503) { Headers = Later } : null;
            });
        sender.Client.Send(TestData.Event());
        await sender.Emulator.WaitForAsync(1);

        Assert.Equal(2, times.Count);
        Assert.True(times.Last() - times.First() >= TimeSpan.FromSeconds(20), $"{times.Last() - times.First()}");
    }

    [Fact]
    public async Task A_request_without_an_answer_is_given_up_after_its_time_and_made_again()
    {
        var requests = 0;
        await using var sender = await Sender.StartAsync(
            o =>
            {
                o.Accelerate();
                o.RequestTimeout = TimeSpan.FromSeconds(30);
            },
            _ => new EmulatorResponse(200) { NeverAnswer = Interlocked.Increment(ref requests) == 1 });
        sender.Client.Send(TestData.Event());

        Assert.True(await sender.Client.FlushAsync());
        Assert.Equal((1, 1), (sender.Books.Delivered, sender.Books.Retries("timeout")));
    }

    [Fact]
    public async Task What_was_lent_out_when_the_server_went_away_expires_too()
    {
        await using var sender = await Sender.StartAsync(o =>
        {
            o.Accelerate();
            o.Period = TimeSpan.FromHours(1);
            o.MaxInFlight = 4;
            o.RetryTimeLimit = TimeSpan.FromSeconds(30);
            o.HttpMessageHandlerFactory = () => new Gone();
        });
        for (var i = 0; i < 300; i++)
            sender.Client.Send(TestData.Event());

        Assert.True(await sender.Client.FlushAsync());
        Assert.Equal(300, sender.Books.Expired);
    }

    private static bool IsBad(EmulatorRequest request) => request.Body.ToArray().AsSpan().IndexOf("\"bad\""u8) >= 0;

    private sealed class Gone : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError, "gone"));
    }
}
