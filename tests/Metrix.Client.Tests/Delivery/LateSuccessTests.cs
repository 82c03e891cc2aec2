using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>
/// Tests that the answer to an earlier request does not cut short the wait that the server asked for.
/// </summary>
public class LateSuccessTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_late_answer_does_not_end_the_Retry_After_of_the_server(int lateStatus)
    {
        TimeProvider? clock = null;
        await using var fixture = new ManualFixture(o =>
        {
            o.Accelerate();
            clock = o.TimeProvider;
        });
        var early = await fixture.SendAndTakeAsync("early");
        var refused = await fixture.SendAndTakeAsync("refused");
        var start = clock!.GetTimestamp();
        refused.Answer(429, retryAfter: "40");
        await fixture.WaitForMessageAsync("is paused: 429");
        early.Answer(lateStatus);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered + fixture.Meter.Rejected == 1);
        fixture.Send("later", "later");

        var probe = await fixture.Handler.NextAsync();
        Assert.True(clock.GetElapsedTime(start) >= TimeSpan.FromSeconds(40), $"{clock.GetElapsedTime(start)}");
        Assert.False(fixture.Handler.HasNext);
        probe.Answer(200);
        (await fixture.Handler.NextAsync()).Answer(200);
        (await fixture.Handler.NextAsync()).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered + fixture.Meter.Rejected == 4);
    }
}
