using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests that flushes shorten the backoff but cannot switch it off.</summary>
public class FlushHurryTests
{
    [Fact]
    public async Task Flushes_make_a_failed_event_due_at_most_once_a_second()
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = 1);
        await FailAsync(await fixture.SendAndTakeAsync("failing"), fixture, status: 503);
        _ = fixture.Client.FlushAsync();
        await FailAsync(await fixture.Handler.NextAsync("failing"), fixture, status: 502);
        for (var i = 0; i < 20; i++)
            _ = fixture.Client.FlushAsync();

        // Events that are due are sent before new ones, so the failed event would be next.
        (await fixture.SendAndTakeAsync("new")).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);

        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        (await fixture.Handler.NextAsync("failing")).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 2);
    }

    [Fact]
    public async Task Closing_makes_a_failed_event_due_right_after_a_flush()
    {
        await using var fixture = new ManualFixture();
        await FailAsync(await fixture.SendAndTakeAsync("failing"), fixture, status: 503);
        _ = fixture.Client.FlushAsync();
        await FailAsync(await fixture.Handler.NextAsync("failing"), fixture, status: 502);
        var closing = fixture.Client.DisposeAsync().AsTask();

        (await fixture.Handler.NextAsync("failing")).Answer(200);
        await closing;
        Assert.Equal(1, fixture.Meter.Delivered);
    }

    private static async Task FailAsync(ManualHandler.PendingRequest request, ManualFixture fixture, int status)
    {
        request.Answer(status, retryAfter: "100");

        // Reported after the event was returned to the outbox.
        await fixture.WaitForMessageAsync($"{status}");
    }
}
