namespace Metrix.Client.Tests.Outbox;

public class MemoryOutboxTimeTests : MemoryOutboxFixture
{
    [Fact]
    public void What_was_never_tried_expires_at_its_limit_and_not_before()
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
    public void What_waits_for_its_time_expires_at_its_limit_and_not_before()
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
    public void What_is_due_again_expires_at_its_limit_and_not_before()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);
        Clock.Advance(Lifetime - Tick - Tick);
        Assert.Empty(TakeExpired());

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(TakeExpired()));
    }

    [Fact]
    public void What_is_leased_does_not_expire()
    {
        Append("a");
        var leased = Lease(1);
        Clock.Advance(Lifetime * 2);
        Assert.Empty(TakeExpired());

        Outbox.Release(leased[0], TimeSpan.FromSeconds(60));
        Assert.Equal(["a"], Slugs(TakeExpired()));
    }

    [Fact]
    public void Expediting_keeps_the_time_limit()
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
    public void With_nothing_in_it_nothing_will_change()
    {
        Assert.Null(Outbox.NextChange(App));
        Append("a");
        Lease(1);
        Assert.Null(Outbox.NextChange(App));
    }

    [Fact]
    public void The_next_change_is_when_the_first_is_due_or_expires()
    {
        Append("a", "b");
        Assert.Equal(Lifetime - Tick - Tick, Outbox.NextChange(App));

        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), Outbox.NextChange(App));

        Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(3), Outbox.NextChange(App));
    }

    [Fact]
    public void The_next_change_of_what_is_due_is_when_it_expires()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);

        Assert.Equal(Lifetime - Tick, Outbox.NextChange(App));
    }

    [Fact]
    public void Setting_the_wall_clock_changes_nothing()
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
