using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests answers that blame the settings, although something on the way may block this one event.</summary>
public class RefusedEventTests
{
    private const int MaxRefusals = 5;

    [Theory]
    [InlineData(401, 64)]
    [InlineData(403, 64)]
    [InlineData(403, 1)]
    [InlineData(404, 64)]
    [InlineData(407, 64)]
    [InlineData(302, 64)]
    public async Task An_event_that_alone_is_refused_is_rejected_after_five_refusals(int status, int maxInFlight)
    {
        await using var fixture = await StartAsync(status, maxInFlight);
        await DeliverAsync(fixture);
        fixture.Client.Send(TestData.Event("blocked"));
        await SendUntilAsync(fixture, () => fixture.Meter.Rejected == 1);

        // A refusal without a delivery since the last one does not count.
        Assert.True(Refused(fixture).Count() >= MaxRefusals);
        Assert.Equal(1, fixture.Meter.Completed("rejected", $"{status}"));
        Assert.DoesNotContain(fixture.Messages, message => message.Contains("paused"));
        Assert.Contains(fixture.Messages, message =>
            message.Contains("refused 5 times while others were delivered") && message.Contains("this one event"));
        Assert.True(await fixture.Client.FlushAsync());
    }

    [Fact]
    public async Task The_first_refusal_names_both_causes()
    {
        await using var fixture = await StartAsync(403);
        await DeliverAsync(fixture);
        fixture.Client.Send(TestData.Event("blocked"));
        await fixture.WaitForMessageAsync("refused one event");

        Assert.Contains(fixture.Messages, message => message.Contains("allow list") && message.Contains("firewall"));
        await SendUntilAsync(fixture, () => fixture.Meter.Rejected == 1);
    }

    [Fact]
    public async Task Refusals_without_another_delivery_between_them_do_not_reject_the_event()
    {
        await using var fixture = await StartAsync(403);
        await DeliverAsync(fixture);
        fixture.Client.Send(TestData.Event("blocked"));
        await fixture.Emulator.WaitForRejectedAsync(MaxRefusals + 1);

        Assert.Equal((0, 1), (fixture.Meter.Rejected, fixture.Meter.Pending));
        Assert.DoesNotContain(fixture.Messages, message => message.Contains("paused"));
        await SendUntilAsync(fixture, () => fixture.Meter.Rejected == 1);
    }

    [Fact]
    public async Task A_refusal_pauses_delivery_when_nothing_was_delivered_before()
    {
        await using var fixture = await StartAsync(403);
        fixture.Client.Send(TestData.Event("blocked"));

        await fixture.WaitForMessageAsync("is paused");
        fixture.Client.Send(TestData.Event());
        await fixture.Emulator.WaitForAsync(1);
        await fixture.WaitForMessageAsync("has resumed");
        await SendUntilAsync(fixture, () => fixture.Meter.Rejected == 1);
    }

    [Fact]
    public async Task A_refusal_pauses_delivery_when_a_different_event_is_refused_too()
    {
        var isRevoked = false;
        await using var fixture = await ClientFixture.StartAsync(
            o => o.Accelerate(),
            _ => Volatile.Read(ref isRevoked) ? new EmulatorResponse(401) : null);
        await DeliverAsync(fixture);
        Volatile.Write(ref isRevoked, true);
        fixture.Client.Send(TestData.Event());
        fixture.Client.Send(TestData.Event());

        await fixture.WaitForMessageAsync("is paused");
        Volatile.Write(ref isRevoked, false);
        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal((3, 0), (fixture.Meter.Delivered, fixture.Meter.Rejected));
    }

    [Fact]
    public async Task A_refused_event_is_sent_after_those_that_wait()
    {
        await using var fixture = new ManualFixture(o => o.MaxInFlight = 1);
        await fixture.DeliverAsync("first");
        var blocked = await fixture.SendAndTakeAsync("blocked");
        fixture.Send("a", "b");
        blocked.Answer(403);
        (await fixture.Handler.NextAsync("a")).Answer(200);
        (await fixture.Handler.NextAsync("b")).Answer(200);

        var again = await fixture.AdvanceToRequestAsync();
        Assert.Equal("blocked", again.Slug);
        again.Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 4);
    }

    private static Task<ClientFixture> StartAsync(int status, int maxInFlight = 64) => ClientFixture.StartAsync(
        o =>
        {
            o.Accelerate();
            o.MaxInFlight = maxInFlight;
        },
        request => IsBlocked(request) ? new EmulatorResponse(status) : null);

    private static async Task DeliverAsync(ClientFixture fixture)
    {
        fixture.Client.Send(TestData.Event());
        Assert.True(await fixture.Client.FlushAsync());
    }

    private static bool IsBlocked(EmulatorRequest request) =>
        request.Body.ToArray().AsSpan().IndexOf("\"blocked\""u8) >= 0;

    private static IEnumerable<EmulatorRejection> Refused(ClientFixture fixture) =>
        fixture.Emulator.Rejected.Where(rejection => IsBlocked(rejection.Request));

    private static Task SendUntilAsync(ClientFixture fixture, Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        fixture.Client.Send(TestData.Event());
        return condition();
    });
}
