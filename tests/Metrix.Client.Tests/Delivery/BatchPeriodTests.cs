using Metrix.Client.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Client.Tests.Delivery;

/// <summary>Tests when the events of a batch are sent.</summary>
public class BatchPeriodTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Events_are_sent_when_the_period_of_the_first_one_ends()
    {
        await using var fixture = new ManualFixture(o => (o.BatchSizeLimit, o.Period) = (500, Period));
        for (var batch = 1; batch <= 3; batch++)
        {
            fixture.Send("first");
            fixture.Clock.Advance(Period - TimeSpan.FromTicks(1));
            fixture.Send("second");
            Assert.False(fixture.Handler.HasNext);

            fixture.Clock.Advance(TimeSpan.FromTicks(1));
            (await fixture.Handler.NextAsync()).Answer(200);
            (await fixture.Handler.NextAsync()).Answer(200);
            await Eventually.TrueAsync(() => fixture.Meter.Delivered == 2 * batch);
        }
    }

    [Fact]
    public async Task A_full_batch_is_sent_before_its_period_ends()
    {
        await using var fixture = new ManualFixture(o => (o.BatchSizeLimit, o.Period) = (3, TimeSpan.FromHours(1)));
        for (var batch = 1; batch <= 3; batch++)
        {
            fixture.Send("first", "second");
            Assert.False(fixture.Handler.HasNext);

            fixture.Send("third");
            for (var i = 0; i < 3; i++)
                (await fixture.Handler.NextAsync()).Answer(200);
            await Eventually.TrueAsync(() => fixture.Meter.Delivered == 3 * batch);
        }
    }

    [Fact]
    public async Task An_event_is_sent_again_when_its_delay_ends()
    {
        await using var fixture = new ManualFixture();
        (await fixture.SendAndTakeAsync("a")).Answer(503, retryAfter: "30");
        await fixture.WaitForMessageAsync("503");
        fixture.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(fixture.Handler.HasNext);

        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        (await fixture.Handler.NextAsync("a")).Answer(200);
        await Eventually.TrueAsync(() => fixture.Meter.Delivered == 1);
    }

    [Fact]
    public async Task An_event_expires_when_its_time_limit_ends_although_nothing_else_happens()
    {
        await using var fixture = new ManualFixture(o => o.RetryTimeLimit = TimeSpan.FromSeconds(20));
        (await fixture.SendAndTakeAsync("a")).Answer(503, retryAfter: "500");
        await fixture.WaitForMessageAsync("503");
        fixture.Clock.Advance(TimeSpan.FromSeconds(20));

        await Eventually.TrueAsync(() => fixture.Meter.Expired == 1);
    }
}
