namespace Metrix.Client.Tests.Outbox;

public class MemoryOutboxTimeTests : MemoryOutboxFixture
{
    [Fact]
    public void An_untried_event_expires_at_its_time_limit_and_not_before()
    {
        Append("a", "b");
        Clock.Advance(Lifetime - (3 * Tick));
        Assert.Empty(TakeExpired());

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(TakeExpired()));
        Clock.Advance(Tick);
        Assert.Equal(["b"], Slugs(TakeExpired()));
        Assert.Empty(Lease(5));
    }

    [Fact]
    public void A_delayed_event_expires_at_its_time_limit_and_not_before()
    {
        Append("a");
        Clock.Advance(Lifetime - TimeSpan.FromSeconds(10));
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(60));
        Clock.Advance(TimeSpan.FromSeconds(10) - Tick - Tick);
        Assert.Empty(TakeExpired());

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(TakeExpired()));
        Assert.Empty(Lease(1));
    }

    [Fact]
    public void A_released_event_that_is_due_expires_at_its_time_limit_and_not_before()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);
        Clock.Advance(Lifetime - Tick - Tick);
        Assert.Empty(TakeExpired());

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(TakeExpired()));
    }

    [Fact]
    public void A_leased_event_does_not_expire()
    {
        Append("a");
        var leased = Lease(1);
        Clock.Advance(Lifetime * 2);
        Assert.Empty(TakeExpired());

        Outbox.Release(leased[0], TimeSpan.FromSeconds(60));
        Assert.Equal(["a"], Slugs(TakeExpired()));
    }

    [Fact]
    public void MakeDue_does_not_change_the_time_limit()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(50));
        Outbox.MakeDue(App);
        Clock.Advance(Lifetime - Tick - Tick);
        Assert.Empty(TakeExpired());

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(TakeExpired()));
    }

    [Fact]
    public void NextChange_is_null_when_no_event_waits()
    {
        Assert.Null(Outbox.NextChange(App));
        Append("a");
        Lease(1);
        Assert.Null(Outbox.NextChange(App));
    }

    [Fact]
    public void NextChange_is_when_the_first_event_is_due_or_expires()
    {
        Append("a", "b");
        Assert.Equal(Lifetime - Tick - Tick, Outbox.NextChange(App));

        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), Outbox.NextChange(App));

        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3), Outbox.NextChange(App));
    }

    [Fact]
    public void NextChange_of_a_due_event_is_when_it_expires()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);

        Assert.Equal(Lifetime - Tick, Outbox.NextChange(App));
    }

    [Fact]
    public void Setting_the_wall_clock_does_not_change_when_events_are_due()
    {
        Append("a", "b");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));
        foreach (var shift in new[] { TimeSpan.FromDays(-400), TimeSpan.FromDays(400) })
        {
            Clock.Shift = shift;
            Assert.Equal(TimeSpan.FromSeconds(5), Outbox.NextChange(App));
            Assert.Empty(TakeExpired());
        }

        Clock.Shift = TimeSpan.FromDays(-400);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["a", "b"], Slugs(Lease(5)));
    }
}
