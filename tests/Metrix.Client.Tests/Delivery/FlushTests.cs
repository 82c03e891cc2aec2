using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

public class FlushTests
{
    [Fact]
    public async Task Flush_returns_true_when_there_is_nothing_to_send()
    {
        await using var fixture = await ClientFixture.StartAsync();

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Empty(fixture.Emulator.Events);
    }

    [Fact]
    public async Task Flush_returns_true_when_the_events_sent_before_it_have_ended()
    {
        var handler = new BlockingHandler();
        await using var fixture = await ClientFixture.StartAsync(o => o.HttpMessageHandlerFactory = () => handler);
        fixture.Client.Send(TestData.Event("first"));
        var flush = fixture.Client.FlushAsync();
        fixture.Client.Send(TestData.Event("later"));
        Assert.False(flush.IsCompleted);

        handler.Release("first");
        Assert.True(await flush);
        Assert.Equal(["first"], fixture.Emulator.Events.Select(e => e.EventSlug));
        Assert.Equal((1, 1), (fixture.Meter.Delivered, fixture.Meter.Pending));
        handler.Release("later");
    }

    [Fact]
    public async Task Flush_returns_false_when_it_times_out()
    {
        var handler = new BlockingHandler();
        await using var fixture = await ClientFixture.StartAsync(o => o.HttpMessageHandlerFactory = () => handler);
        fixture.Client.Send(TestData.Event("taqsq"));

        Assert.False(await fixture.Client.FlushAsync(TimeSpan.FromMilliseconds(1)));
        handler.Release("taqsq");
        Assert.True(await fixture.Client.FlushAsync());
    }

    [Fact]
    public async Task Flush_does_not_wait_for_the_period()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Single(fixture.Emulator.Events);
    }
}
