using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Intake;

public class AdmissionTests
{
    [Fact]
    public async Task Invalid_events_are_counted_and_not_sent()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Client.Send(
            new MetrixEvent("taqsq", new MetrixIdentity { MetrixSessionId = "s", AdvertisingId = "a" }));
        fixture.Client.Send(new MetrixEvent("", TestUser.Identity()));
        fixture.Client.Send(new MetrixEvent("taqsq", TestUser.Identity()) { App = "another" });
        fixture.Client.Send(new MetrixEvent("taqsq", TestUser.Identity()) { Properties = null! });

        Assert.Empty(await fixture.CloseAsync());
        Assert.Empty(fixture.Emulator.Rejected);
        Assert.Equal(4, fixture.Meter.Invalid);
        foreach (var reason in new[] { "user_id_missing", "slug_missing", "app_unknown", "unreadable" })
            Assert.Equal(1, fixture.Meter.Completed("invalid", reason));
    }

    [Fact]
    public async Task An_omitted_value_is_counted_and_reported_without_its_content()
    {
        await using var fixture = await ClientFixture.StartAsync();
        fixture.Client.Send(TestData.Event("taqsq", ("Ratio", double.NaN), ("Long", new string('x', 600))));

        Assert.Equal(512, Assert.Single(await fixture.CloseAsync()).CustomAttributes["Long"].Length);
        Assert.Equal((1, 1), (fixture.Meter.Omitted("unsupported"), fixture.Meter.Omitted("truncated")));
        Assert.Contains(fixture.Messages, message => message.Contains("\"Ratio\""));
        Assert.DoesNotContain(fixture.Messages, message => message.Contains("xxx"));
    }

    [Fact]
    public async Task The_newest_event_is_dropped_above_QueueLimit()
    {
        var handler = new BlockingHandler();
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.QueueLimit = 3;
            o.HttpMessageHandlerFactory = () => handler;
        });
        for (var i = 0; i < 5; i++)
            fixture.Client.Send(TestData.Event("taqsq", ("Number", i)));
        handler.Release("taqsq");

        Assert.Equal([0, 1, 2], (await fixture.CloseAsync()).Select(e => e.CustomMetrics["Number"]).Order());
        Assert.Equal(2, fixture.Meter.Completed("dropped", "full"));
    }

    [Fact]
    public async Task The_newest_event_is_dropped_above_OutboxSizeLimit()
    {
        var handler = new BlockingHandler();
        await using var fixture = await ClientFixture.StartAsync(o =>
        {
            o.OutboxSizeLimit = 64 * 1024;
            o.HttpMessageHandlerFactory = () => handler;
        });
        var large = Enumerable.Range(0, 40).Select(i => ($"a{i}", (object?)new string('x', 500))).ToArray();
        for (var i = 0; i < 4; i++)
            fixture.Client.Send(TestData.Event("taqsq", large));
        Assert.Equal(1, fixture.Meter.Completed("dropped", "full"));

        handler.Release("taqsq");
        Assert.True(await fixture.Client.FlushAsync());
        fixture.Client.Send(TestData.Event("taqsq", large));
        Assert.Equal(4, (await fixture.CloseAsync()).Count);
    }

    [Fact]
    public void Send_throws_when_the_event_is_null() =>
        Assert.Throws<ArgumentNullException>(() =>
        {
            using var client = new MetrixClient(TestData.Options());
            client.Send(null!);
        });
}
