using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Intake;

public class RefusalAtTheDoorTests
{
    [Fact]
    public async Task What_is_not_valid_is_not_sent()
    {
        await using var sender = await Sender.StartAsync();
        sender.Client.Send(new MetrixEvent("taqsq", new MetrixIdentity { MetrixSessionId = "s", AdvertisingId = "a" }));
        sender.Client.Send(new MetrixEvent("", TestData.Identity()));
        sender.Client.Send(new MetrixEvent("taqsq", TestData.Identity()) { App = "another" });
        sender.Client.Send(new MetrixEvent("taqsq", TestData.Identity()) { Properties = null! });

        Assert.Empty(await sender.CloseAsync());
        Assert.Empty(sender.Emulator.Rejected);
        Assert.Equal(4, sender.Books.Invalid);
        foreach (var reason in new[] { "user_id_missing", "slug_missing", "app_unknown", "unreadable" })
            Assert.Equal(1, sender.Books.Completed("invalid", reason));
    }

    [Fact]
    public async Task What_is_left_out_is_counted_and_said_without_its_value()
    {
        await using var sender = await Sender.StartAsync();
        sender.Client.Send(TestData.Event("taqsq", ("Ratio", double.NaN), ("Long", new string('x', 600))));

        Assert.Equal(512, Assert.Single(await sender.CloseAsync()).CustomAttributes["Long"].Length);
        Assert.Equal((1, 1), (sender.Books.Omitted("unsupported"), sender.Books.Omitted("truncated")));
        Assert.Contains(sender.Said, message => message.Contains("\"Ratio\""));
        Assert.DoesNotContain(sender.Said, message => message.Contains("xxx"));
    }

    [Fact]
    public async Task Over_the_limit_of_events_the_newest_is_dropped()
    {
        var handler = new HeldHandler();
        await using var sender = await Sender.StartAsync(o =>
        {
            o.QueueLimit = 3;
            o.HttpMessageHandlerFactory = () => handler;
        });
        for (var i = 0; i < 5; i++)
            sender.Client.Send(TestData.Event("taqsq", ("Number", i)));
        handler.Release("taqsq");

        Assert.Equal([0, 1, 2], (await sender.CloseAsync()).Select(e => e.CustomMetrics["Number"]).Order());
        Assert.Equal(2, sender.Books.Completed("dropped", "full"));
    }

    [Fact]
    public async Task Over_the_limit_of_bytes_the_newest_is_dropped()
    {
        var handler = new HeldHandler();
        await using var sender = await Sender.StartAsync(o =>
        {
            o.OutboxSizeLimit = 64 * 1024;
            o.HttpMessageHandlerFactory = () => handler;
        });
        var large = Enumerable.Range(0, 40).Select(i => ($"a{i}", (object?)new string('x', 500))).ToArray();
        for (var i = 0; i < 4; i++)
            sender.Client.Send(TestData.Event("taqsq", large));
        Assert.Equal(1, sender.Books.Completed("dropped", "full"));

        handler.Release("taqsq");
        Assert.True(await sender.Client.FlushAsync());
        sender.Client.Send(TestData.Event("taqsq", large));
        Assert.Equal(4, (await sender.CloseAsync()).Count);
    }

    [Fact]
    public void Nothing_is_sent_as_null() =>
        Assert.Throws<ArgumentNullException>(() =>
        {
            using var client = new MetrixClient(TestData.Options());
            client.Send(null!);
        });
}
