using Metrix.Client.Tests.Support;
using Metrix.Emulator;

namespace Metrix.Client.Tests.Intake;

/// <summary>In one class, since the apps of the platforms have the same names in each test.</summary>
public class SeveralAppsTests
{
    [Fact]
    public async Task An_event_goes_to_the_app_of_its_advertising_id()
    {
        await using var sender = await Sender.StartAsync(["android", "ios"]);
        sender.Client.Send(new MetrixEvent("aaaaa", TestData.Identity()));
        sender.Client.Send(new MetrixEvent("iiiii", TestData.IdentityOfApple()));

        var arrived = (await sender.CloseAsync()).ToDictionary(e => e.EventSlug, e => (e.Request.AppId, e.AdvertisingId, e.Idfa));
        Assert.Equal(("android", TestData.AdvertisingId, null), arrived["aaaaa"]);
        Assert.Equal(("ios", null, TestData.Idfa), arrived["iiiii"]);
        Assert.Equal(2, sender.Books.Delivered);
    }

    [Fact]
    public async Task An_event_goes_to_the_app_that_it_names()
    {
        var (shop, bank) = (TestData.AppId(), TestData.AppId());
        await using var sender = await Sender.StartAsync([shop, bank]);
        sender.Client.Send(new MetrixEvent("taqsq", TestData.Identity()) { App = bank });

        Assert.Equal(bank, Assert.Single(await sender.CloseAsync()).Request.AppId);
    }

    [Fact]
    public async Task An_event_of_no_app_is_not_sent()
    {
        await using var sender = await Sender.StartAsync([TestData.AppId(), TestData.AppId()]);
        sender.Client.Send(TestData.Event());

        Assert.Empty(await sender.CloseAsync());
        Assert.Equal((1, 1), (sender.Client.Ledger.Recognized, sender.Client.Ledger.Invalid));
    }

    [Fact]
    public async Task The_trouble_of_one_app_does_not_stop_the_other()
    {
        var (well, ill) = (TestData.AppId(), TestData.AppId());
        await using var sender = await Sender.StartAsync(
            [well, ill],
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            request => request.AppId == ill ? new EmulatorResponse(401) : null);
        for (var i = 0; i < 50; i++)
        {
            sender.Client.Send(new MetrixEvent("taqsq", TestData.Identity()) { App = ill });
            sender.Client.Send(new MetrixEvent("taqsq", TestData.Identity()) { App = well });
        }

        await sender.Emulator.WaitForAsync(50);
        await sender.Emulator.WaitForRejectedAsync(1);
        Assert.All(sender.Emulator.Events, e => Assert.Equal(well, e.Request.AppId));
        await sender.CloseAsync();
        Assert.Equal((50, 50, 0), (sender.Books.Delivered, sender.Books.Abandoned, sender.Books.Rejected));
        Assert.Contains(sender.Said, message => message.Contains("401 Unauthorized"));
    }

    [Fact]
    public async Task An_app_whose_requests_hang_keeps_no_connection_from_the_other()
    {
        var (well, ill) = (TestData.AppId(), TestData.AppId());
        await using var sender = await Sender.StartAsync(
            [well, ill],
            o => (o.FlushTimeout, o.MaxInFlight) = (TimeSpan.FromMilliseconds(50), 2),
            request => request.AppId == ill ? new EmulatorResponse(200) { NeverAnswer = true } : null);
        for (var i = 0; i < 10; i++)
            sender.Client.Send(new MetrixEvent("iiiii", TestData.Identity()) { App = ill });
        await sender.Emulator.WaitForAsync(2);
        for (var i = 0; i < 10; i++)
            sender.Client.Send(new MetrixEvent("wwwww", TestData.Identity()) { App = well });

        await sender.Emulator.WaitForAsync(12);
        Assert.Equal(10, sender.Emulator.Events.Count(e => e.Request.AppId == well));
    }

    [Fact]
    public async Task An_app_that_is_paused_takes_no_room_of_the_other()
    {
        var (well, ill) = (TestData.AppId(), TestData.AppId());
        await using var sender = await Sender.StartAsync(
            [well, ill],
            o => (o.FlushTimeout, o.QueueLimit) = (TimeSpan.FromMilliseconds(200), 10),
            request => request.AppId == ill ? new EmulatorResponse(401) : null);
        for (var i = 0; i < 11; i++)
            sender.Client.Send(new MetrixEvent("iiiii", TestData.Identity()) { App = ill });
        Assert.Equal(1, sender.Books.Dropped);
        for (var i = 0; i < 10; i++)
            sender.Client.Send(new MetrixEvent("wwwww", TestData.Identity()) { App = well });

        await sender.Client.DisposeAsync();
        Assert.Equal((1, 10, 10), (sender.Books.Dropped, sender.Books.Delivered, sender.Books.Abandoned));
    }
}
