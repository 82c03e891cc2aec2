using Metrix.Client.Tests.Support;
using Metrix.Emulator;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

public class OutcomeTests
{
    [Fact]
    public async Task A_retry_sends_the_same_bytes()
    {
        var attempts = 0;
        await using var fixture = await ClientFixture.StartAsync(
            o => o.Accelerate(),
            _ => Interlocked.Increment(ref attempts) <= 2 ? new EmulatorResponse(503) : null);
        fixture.Client.Send(TestData.Event("taqsq", ("Amount", 1)));
        await fixture.Emulator.WaitForAsync(1);

        var delivered = Assert.Single(fixture.Emulator.Events).Request.Body.ToArray();
        Assert.Equal(2, fixture.Emulator.Rejected.Count);
        Assert.All(fixture.Emulator.Rejected, rejected => Assert.Equal(delivered, rejected.Request.Body.ToArray()));
        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal((1, 2), (fixture.Meter.Delivered, fixture.Meter.Retries()));
    }

    [Fact]
    public async Task A_rejected_event_is_not_retried()
    {
        await using var fixture = await ClientFixture.StartAsync(answer: _ => new EmulatorResponse(400));
        fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Single(fixture.Emulator.Rejected);
        Assert.Equal((1, 0), (fixture.Meter.Rejected, fixture.Meter.Retries()));
        Assert.Contains(fixture.Messages, message => message.Contains("400 Bad Request"));
    }

    [Fact]
    public async Task An_event_that_is_not_delivered_within_RetryTimeLimit_expires()
    {
        await using var fixture = await ClientFixture.StartAsync(
            o =>
            {
                o.Accelerate();
                o.RetryTimeLimit = TimeSpan.FromSeconds(5);
            },
            _ => new EmulatorResponse(503));
        fixture.Client.Send(TestData.Event());

        Assert.True(await fixture.Client.FlushAsync());
        Assert.Equal((1, 0), (fixture.Meter.Expired, fixture.Meter.Delivered));
        Assert.Contains(fixture.Messages, message => message.Contains("RetryTimeLimit"));
    }
}
