using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Outbox;

public class MemoryOutboxTests : MemoryOutboxFixture
{
    [Fact]
    public void The_oldest_event_is_leased_first()
    {
        Append("a", "b", "c");

        Assert.Equal(["a", "b"], Slugs(Lease(2)));
        Assert.Equal(["c"], Slugs(Lease(2)));
        Assert.Empty(Lease(2));
    }

    [Fact]
    public void A_leased_event_is_counted_until_it_is_completed()
    {
        Append("a", "b");
        var leased = Lease(1);
        Assert.Equal(2, Outbox.Count(App));

        Outbox.Complete(leased[0]);
        Assert.Equal(1, Outbox.Count(App));
    }

    [Fact]
    public void A_released_event_is_leased_before_later_ones()
    {
        Append("a", "b");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);

        Assert.Equal(["a", "b"], Slugs(Lease(5)));
    }

    [Fact]
    public void The_oldest_of_several_released_events_is_leased_first()
    {
        Append("a", "b", "c");
        foreach (var queued in Lease(3).AsEnumerable().Reverse())
            Outbox.Release(queued, TimeSpan.FromSeconds(queued.Slug == "a" ? 3 : 1));
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["a", "b", "c"], Slugs(Lease(5)));
    }

    [Fact]
    public void The_released_event_with_the_fewest_attempts_is_leased_first()
    {
        Append("a", "b", "c");
        foreach (var queued in Lease(3))
        {
            queued.WithAttempts(queued.Slug == "a" ? 40 : queued.Slug == "b" ? 3 : 1);
            Outbox.Release(queued, TimeSpan.Zero);
        }

        Assert.Equal(["c", "b", "a"], Slugs(Lease(5)));
    }

    [Fact]
    public void A_probe_is_an_untried_event_or_the_one_with_the_fewest_attempts()
    {
        Append("a", "b", "c");
        foreach (var queued in Lease(2))
        {
            queued.WithAttempts(queued.Slug == "a" ? 2 : 1);
            Outbox.Release(queued, TimeSpan.Zero);
        }

        var probes = new List<QueuedEvent>();
        for (var i = 0; i < 4; i++)
            Outbox.LeaseProbe(App, probes);
        Assert.Equal(["c", "b", "a"], Slugs(probes));
    }

    [Fact]
    public void A_released_event_is_due_after_its_delay_and_not_before()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));
        Clock.Advance(TimeSpan.FromSeconds(5) - Tick);
        Assert.Empty(Lease(1));

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(Lease(1)));
    }

    [Fact]
    public void A_delayed_event_does_not_hold_up_others()
    {
        Append("a", "b");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));

        Assert.Equal(["b"], Slugs(Lease(5)));
    }

    [Fact]
    public void An_event_above_the_size_limit_is_rejected()
    {
        Assert.True(Outbox.TryAppend(TestData.Queued(App, 600)));
        Assert.False(Outbox.TryAppend(TestData.Queued(App, 401)));
        Assert.True(Outbox.TryAppend(TestData.Queued(App, 400)));
        Assert.False(Outbox.TryAppend(TestData.Queued(App, 1)));
        Assert.Equal(2, Outbox.Count(App));
    }

    [Fact]
    public void Each_app_has_its_own_size_limit()
    {
        Assert.True(Outbox.TryAppend(TestData.Queued(App, 600)));
        Assert.True(Outbox.TryAppend(TestData.Queued(Other, 600)));
        Assert.False(Outbox.TryAppend(TestData.Queued(App, 600)));
        Assert.Equal(0.6, Outbox.Fullness, precision: 3);
    }

    [Fact]
    public void Completing_an_event_makes_room_and_releasing_it_does_not()
    {
        Outbox.TryAppend(TestData.Queued(App, 1_000));
        var leased = Lease(1);
        Assert.False(Outbox.TryAppend(TestData.Queued(App, 1)));
        Outbox.Release(leased[0], TimeSpan.Zero);
        Assert.False(Outbox.TryAppend(TestData.Queued(App, 1)));

        Outbox.Complete(Lease(1)[0]);
        Assert.True(Outbox.TryAppend(TestData.Queued(App, 1_000)));
    }

    [Fact]
    public void MakeDue_makes_every_delayed_event_due()
    {
        Append("a", "b");
        foreach (var queued in Lease(2))
            Outbox.Release(queued, TimeSpan.FromSeconds(50));
        Outbox.MakeDue(App);

        Assert.Equal(["a", "b"], Slugs(Lease(5)));
    }

    [Fact]
    public async Task Closing_returns_every_event_that_is_not_leased()
    {
        Append("a", "b", "c", "d");
        Assert.True(Outbox.TryAppend(TestData.Queued(Other, slug: "x")));
        var leased = Lease(3);
        Outbox.Release(leased[0], TimeSpan.FromSeconds(50));
        Outbox.Release(leased[1], TimeSpan.Zero);

        Assert.Equal(["a", "b", "d", "x"], Slugs(Outbox.Close(TimeSpan.Zero).Lost).Order());
        Assert.Empty(Lease(5));
    }

    [Fact]
    public void Apps_do_not_see_each_others_events()
    {
        Append("a");
        Outbox.TryAppend(TestData.Queued(Other, slug: "x"));
        Assert.Equal(1, Outbox.Count(App));
        Assert.Equal(["a"], Slugs(Lease(5)));
        Assert.Null(Outbox.NextChange(App));
        Assert.NotNull(Outbox.NextChange(Other));

        Clock.Advance(Lifetime);
        Assert.Empty(TakeExpired());
        Assert.Equal(1, Outbox.Count(Other));
    }
}
