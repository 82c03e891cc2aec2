using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Intake;

/// <summary>
/// Tests clients with several apps.
/// </summary>
/// <remarks>
/// The tests share one class, so that they do not run in parallel: the names of the platform apps are the same in each.
/// </remarks>
public class MultipleAppsTests
{
    [Fact]
    public async Task An_event_goes_to_the_app_of_its_advertising_id()
    {
        await using var fixture = await ClientFixture.StartAsync(["android", "ios"]);
        fixture.Client.Send(new MetrixEvent("aaaaa", TestUser.Identity()));
        fixture.Client.Send(new MetrixEvent("iiiii", TestUser.AppleIdentity()));

        var arrived = (await fixture.CloseAsync())
            .ToDictionary(e => e.EventSlug, e => (e.Request.AppId, e.AdvertisingId, e.Idfa));
        Assert.Equal(("android", TestUser.AdvertisingId, null), arrived["aaaaa"]);
        Assert.Equal(("ios", null, TestUser.Idfa), arrived["iiiii"]);
        Assert.Equal(2, fixture.Meter.Delivered);
    }

    [Fact]
    public async Task An_event_goes_to_the_app_it_names()
    {
        var (shop, bank) = (TestUser.AppId(), TestUser.AppId());
        await using var fixture = await ClientFixture.StartAsync([shop, bank]);
        fixture.Client.Send(new MetrixEvent("taqsq", TestUser.Identity()) { App = bank });

        Assert.Equal(bank, Assert.Single(await fixture.CloseAsync()).Request.AppId);
    }

    [Fact]
    public async Task An_event_without_an_app_is_invalid_and_not_sent()
    {
        await using var fixture = await ClientFixture.StartAsync([TestUser.AppId(), TestUser.AppId()]);
        fixture.Client.Send(TestData.Event());

        Assert.Empty(await fixture.CloseAsync());
        Assert.Equal((1, 1), (fixture.Client.Ledger.Recognized, fixture.Client.Ledger.Invalid));
    }

    [Fact]
    public async Task A_misconfigured_app_does_not_stop_the_other_app()
    {
        var (working, failing) = (TestUser.AppId(), TestUser.AppId());
        await using var fixture = await ClientFixture.StartAsync(
            [working, failing],
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            request => request.AppId == failing ? new EmulatorResponse(401) : null);
        for (var i = 0; i < 50; i++)
        {
            fixture.Client.Send(new MetrixEvent("taqsq", TestUser.Identity()) { App = failing });
            fixture.Client.Send(new MetrixEvent("taqsq", TestUser.Identity()) { App = working });
        }

        await fixture.Emulator.WaitForAsync(50);
        await fixture.Emulator.WaitForRejectedAsync(1);
        Assert.All(fixture.Emulator.Events, e => Assert.Equal(working, e.Request.AppId));
        await fixture.CloseAsync();
        Assert.Equal((50, 50, 0), (fixture.Meter.Delivered, fixture.Meter.Abandoned, fixture.Meter.Rejected));
        Assert.Contains(fixture.Messages, message => message.Contains("401 Unauthorized"));
    }

    [Fact]
    public async Task An_app_whose_requests_hang_does_not_take_connections_of_the_other_app()
    {
        var (working, failing) = (TestUser.AppId(), TestUser.AppId());
        await using var fixture = await ClientFixture.StartAsync(
            [working, failing],
            o => (o.FlushTimeout, o.MaxInFlight) = (TimeSpan.FromMilliseconds(50), 2),
            request => request.AppId == failing ? new EmulatorResponse(200) { NeverAnswer = true } : null);
        for (var i = 0; i < 10; i++)
            fixture.Client.Send(new MetrixEvent("fails", TestUser.Identity()) { App = failing });
        await fixture.Emulator.WaitForAsync(2);
        for (var i = 0; i < 10; i++)
            fixture.Client.Send(new MetrixEvent("works", TestUser.Identity()) { App = working });

        await fixture.Emulator.WaitForAsync(12);
        Assert.Equal(10, fixture.Emulator.Events.Count(e => e.Request.AppId == working));
    }

    [Fact]
    public async Task A_paused_app_does_not_take_queue_slots_of_the_other_app()
    {
        var (working, failing) = (TestUser.AppId(), TestUser.AppId());
        await using var fixture = await ClientFixture.StartAsync(
            [working, failing],
            o => (o.FlushTimeout, o.QueueLimit) = (TimeSpan.FromMilliseconds(200), 10),
            request => request.AppId == failing ? new EmulatorResponse(401) : null);
        for (var i = 0; i < 11; i++)
            fixture.Client.Send(new MetrixEvent("fails", TestUser.Identity()) { App = failing });
        Assert.Equal(1, fixture.Meter.Dropped);
        for (var i = 0; i < 10; i++)
            fixture.Client.Send(new MetrixEvent("works", TestUser.Identity()) { App = working });

        await fixture.Client.DisposeAsync();
        Assert.Equal((1, 10, 10), (fixture.Meter.Dropped, fixture.Meter.Delivered, fixture.Meter.Abandoned));
    }
}
