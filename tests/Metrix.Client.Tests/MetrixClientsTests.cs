using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests;

public class MetrixClientsTests
{
    [Fact]
    public async Task FlushAllAsync_throws_when_the_token_is_already_canceled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MetrixClients.FlushAllAsync(new CancellationToken(canceled: true)));

    [Fact]
    public async Task FlushAllAsync_delivers_the_events_of_a_client_and_does_not_close_it()
    {
        await using var fixture = await ClientFixture.StartAsync(o => o.Period = TimeSpan.FromHours(1));
        fixture.Client.Send(TestData.Event());

        // Other tests have clients in this process, too. Their events may take longer.
        var flush = MetrixClients.FlushAllAsync(TestContext.Current.CancellationToken);
        await fixture.Emulator.WaitForAsync(1);
        await flush;
        fixture.Client.Send(TestData.Event());
        Assert.Equal(2, (await fixture.CloseAsync()).Count);
    }

    [Fact]
    public async Task FlushAllAsync_throws_when_the_token_is_canceled_and_the_events_are_delivered_later()
    {
        var handler = new BlockingHandler();
        await using var fixture = await ClientFixture.StartAsync(o => o.HttpMessageHandlerFactory = () => handler);
        fixture.Client.Send(TestData.Event());
        using var canceled = new CancellationTokenSource();
        var flush = MetrixClients.FlushAllAsync(canceled.Token);
        Assert.False(flush.IsCompleted);
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        handler.Release("taqsq");
        Assert.Single(await fixture.CloseAsync());
    }
}
