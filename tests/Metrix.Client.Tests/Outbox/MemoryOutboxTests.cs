using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Outbox;

public class MemoryOutboxTests : MemoryOutboxTest
{
    [Fact]
    public void The_oldest_is_leased_first()
    {
        Append("a", "b", "c");

        Assert.Equal(["a", "b"], Slugs(Lease(2)));
        Assert.Equal(["c"], Slugs(Lease(2)));
        Assert.Empty(Lease(2));
    }

    [Fact]
    public void What_is_leased_is_still_counted_until_it_is_complete()
    {
        Append("a", "b");
        var leased = Lease(1);
        Assert.Equal(2, Outbox.Count(App));

        Outbox.Complete(leased[0]);
        Assert.Equal(1, Outbox.Count(App));
    }

    [Fact]
    public void What_was_released_comes_before_what_came_later()
    {
        Append("a", "b");
        Outbox.Release(Lease(1)[0], TimeSpan.Zero);

        Assert.Equal(["a", "b"], Slugs(Lease(5)));
    }

    [Fact]
    public void Of_several_that_were_released_the_oldest_comes_first()
    {
        Append("a", "b", "c");
        foreach (var entry in Lease(3).AsEnumerable().Reverse())
            Outbox.Release(entry, TimeSpan.FromSeconds(entry.Slug == "a" ? 3 : 1));
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["a", "b", "c"], Slugs(Lease(5)));
    }

    [Fact]
    public void Of_several_that_were_released_the_least_tried_comes_first()
    {
        Append("a", "b", "c");
        foreach (var entry in Lease(3))
        {
            entry.Attempts = entry.Slug == "a" ? 40 : entry.Slug == "b" ? 3 : 1;
            Outbox.Release(entry, TimeSpan.Zero);
        }

        Assert.Equal(["c", "b", "a"], Slugs(Lease(5)));
    }

    [Fact]
    public void A_probe_is_what_was_never_tried_and_then_the_least_tried()
    {
        Append("a", "b", "c");
        foreach (var entry in Lease(2))
        {
            entry.Attempts = entry.Slug == "a" ? 2 : 1;
            Outbox.Release(entry, TimeSpan.Zero);
        }

        var probes = new List<QueuedEvent>();
        for (var i = 0; i < 4; i++)
            Outbox.LeaseProbe(App, probes);
        Assert.Equal(["c", "b", "a"], Slugs(probes));
    }

    [Fact]
    public void What_was_released_is_due_after_its_delay_and_not_before()
    {
        Append("a");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));
        Clock.Advance(TimeSpan.FromSeconds(5) - Tick);
        Assert.Empty(Lease(1));

        Clock.Advance(Tick);
        Assert.Equal(["a"], Slugs(Lease(1)));
    }

    [Fact]
    public void What_waits_for_its_time_holds_up_no_other()
    {
        Append("a", "b");
        Outbox.Release(Lease(1)[0], TimeSpan.FromSeconds(5));

        Assert.Equal(["b"], Slugs(Lease(5)));
    }

    [Fact]
    public void Over_the_size_limit_the_newest_is_refused()
    {
        Assert.True(Outbox.TryAppend(TestData.Entry(App, 600)));
        Assert.False(Outbox.TryAppend(TestData.Entry(App, 401)));
        Assert.True(Outbox.TryAppend(TestData.Entry(App, 400)));
        Assert.False(Outbox.TryAppend(TestData.Entry(App, 1)));
        Assert.Equal(2, Outbox.Count(App));
    }

    [Fact]
    public void The_size_limit_is_each_apps_own()
    {
        Assert.True(Outbox.TryAppend(TestData.Entry(App, 600)));
        Assert.True(Outbox.TryAppend(TestData.Entry(Other, 600)));
        Assert.False(Outbox.TryAppend(TestData.Entry(App, 600)));
        Assert.InRange(Outbox.Fullness, 0.1, 1);
    }

    [Fact]
    public void What_comes_back_is_lent_by_turns_with_what_is_new()
    {
        foreach (var age in new[] { 1, 2, 3 })
            Outbox.Restore(TestData.Entry(App, 10 + age), expiresAt: long.MaxValue);
        foreach (var age in new[] { 1, 2 })
            Outbox.TryAppend(TestData.Entry(App, 20 + age));

        Assert.Equal([11, 21, 12, 22, 13], Lease(10).Select(entry => entry.Body.Length));
    }

    [Fact]
    public void Room_comes_back_when_an_event_is_complete_and_not_before()
    {
        Outbox.TryAppend(TestData.Entry(App, 1_000));
        var leased = Lease(1);
        Assert.False(Outbox.TryAppend(TestData.Entry(App, 1)));
        Outbox.Release(leased[0], TimeSpan.Zero);
        Assert.False(Outbox.TryAppend(TestData.Entry(App, 1)));

        Outbox.Complete(Lease(1)[0]);
        Assert.True(Outbox.TryAppend(TestData.Entry(App, 1_000)));
    }

    [Fact]
    public void Expediting_makes_all_that_waits_due_now()
    {
        Append("a", "b");
        foreach (var entry in Lease(2))
            Outbox.Release(entry, TimeSpan.FromSeconds(50));
        Outbox.MakeDue(App);

        Assert.Equal(["a", "b"], Slugs(Lease(5)));
    }

    [Fact]
    public void All_that_is_not_leased_is_taken_out_when_it_closes()
    {
        Append("a", "b", "c", "d");
        var leased = Lease(3);
        Outbox.Release(leased[0], TimeSpan.FromSeconds(50));
        Outbox.Release(leased[1], TimeSpan.Zero);

        var taken = new List<QueuedEvent>();
        Outbox.TakeAll(App, taken);
        Assert.Equal(["a", "b", "d"], Slugs(taken));
        Assert.Empty(Lease(5));
    }

    [Fact]
    public void Two_apps_do_not_see_each_others()
    {
        Append("a");
        Outbox.TryAppend(TestData.Entry(Other, slug: "x"));
        Assert.Equal(1, Outbox.Count(App));
        Assert.Equal(["a"], Slugs(Lease(5)));
        Assert.Null(Outbox.NextChange(App));
        Assert.NotNull(Outbox.NextChange(Other));

        var taken = new List<QueuedEvent>();
        Outbox.TakeAll(App, taken);
        Clock.Advance(Limit);
        Outbox.TakeExpired(App, taken);
        Assert.Empty(taken);
        Assert.Equal(1, Outbox.Count(Other));
    }
}
