using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that a request without an answer holds up nothing but its own event.</summary>
public class HangingRequestTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public async Task A_hanging_request_does_not_hold_up_the_next_event(int maxInFlight)
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = maxInFlight);
        var hanging = await fixture.SendAndTakeAsync("hanging");
        await fixture.DeliverAsync("next");
        await fixture.DeliverAsync("another");

        hanging.Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 3);
    }

    [Fact]
    public async Task Hanging_requests_count_against_MaxInFlight()
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = 3);
        fixture.Send("a", "b", "c", "d", "e", "f");
        for (var i = 0; i < 6; i++)
            (await fixture.Handler.NextAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 6);

        fixture.Send("a", "b", "c", "d", "e", "f");
        var hanging = new[]
        {
            await fixture.Handler.NextAsync(), await fixture.Handler.NextAsync(), await fixture.Handler.NextAsync(),
        };
        foreach (var request in hanging)
            request.Answer(200);
        for (var i = 0; i < 3; i++)
            (await fixture.Handler.NextAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 12);
        Assert.Equal(3, fixture.Handler.MaxRunning);
    }

    [Fact]
    public async Task An_event_is_tried_while_the_client_closes_and_another_request_hangs()
    {
        await using var fixture = new ManualFixture(o => o.Period = TimeSpan.FromHours(1));
        var hanging = await fixture.SendAndTakeAsync("hanging");
        fixture.Send("last");
        var closing = fixture.Client.DisposeAsync().AsTask();
        (await fixture.Handler.NextAsync("last")).Answer(200);
        hanging.Answer(200);

        await closing;
        Assert.Equal(2, fixture.Meter.Delivered);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public async Task A_probe_is_sent_while_earlier_requests_hang(int maxInFlight)
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = maxInFlight);
        var hanging = await fixture.SendAndTakeAsync("hanging");
        (await fixture.SendAndTakeAsync("failing")).Throw(
            new HttpRequestException(HttpRequestError.ConnectionError, "unreachable"));
        await fixture.WaitForMessageAsync("is paused");

        (await fixture.AdvanceToRequestAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
        hanging.Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 2);
    }
}
