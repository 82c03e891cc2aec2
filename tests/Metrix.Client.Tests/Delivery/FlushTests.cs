using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

public class FlushTests
{
    [Fact]
    public async Task A_flush_with_nothing_to_send_is_done()
    {
        await using var sender = await Sender.StartAsync();

        Assert.True(await sender.Client.FlushAsync());
        Assert.Empty(sender.Emulator.Events);
    }

    [Fact]
    public async Task A_flush_is_true_when_what_was_sent_before_it_is_settled()
    {
        var handler = new HeldHandler();
        await using var sender = await Sender.StartAsync(o => o.HttpMessageHandlerFactory = () => handler);
        sender.Client.Send(TestData.Event("first"));
        var flush = sender.Client.FlushAsync();
        sender.Client.Send(TestData.Event("later"));
        Assert.False(flush.IsCompleted);

        handler.Release("first");
        Assert.True(await flush);
        Assert.Equal(["first"], sender.Emulator.Events.Select(e => e.EventSlug));
        Assert.Equal((1, 1), (sender.Books.Delivered, sender.Books.Pending));
        handler.Release("later");
    }

    [Fact]
    public async Task A_flush_is_false_when_its_time_is_over()
    {
        var handler = new HeldHandler();
        await using var sender = await Sender.StartAsync(o => o.HttpMessageHandlerFactory = () => handler);
        sender.Client.Send(TestData.Event("taqsq"));

        Assert.False(await sender.Client.FlushAsync(TimeSpan.FromMilliseconds(1)));
        handler.Release("taqsq");
        Assert.True(await sender.Client.FlushAsync());
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_the_period()
    {
        await using var sender = await Sender.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        sender.Client.Send(TestData.Event());

        Assert.True(await sender.Client.FlushAsync());
        Assert.Single(sender.Emulator.Events);
    }
}
