using Metrix.Client.Apps;
using Metrix.Client.Outbox;
using Metrix.Client.Tests.Support;

namespace Metrix.Client.Tests.Outbox;

/// <summary>Provides a memory outbox with two apps, and a clock that only the test advances.</summary>
public abstract class MemoryOutboxFixture
{
    private protected static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private protected static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(100);

    private protected MemoryOutboxFixture()
    {
        var options = TestData.Options(o =>
        {
            o.TimeProvider = Clock;
            o.RetryTimeLimit = Lifetime;
            o.OutboxSizeLimit = 1_000;
        });
        Outbox = new MemoryOutbox(options, [App, Other]);
    }

    private protected ShiftableClock Clock { get; } = new();

    private protected MetrixApp App { get; } = TestData.App();

    private protected MetrixApp Other { get; } = TestData.App();

    private protected MemoryOutbox Outbox { get; }

    /// <summary>Appends one event each tick, so that each is older than the next.</summary>
    private protected void Append(params string[] slugs)
    {
        foreach (var slug in slugs)
        {
            Assert.True(Outbox.TryAppend(TestData.Queued(App, slug: slug)));
            Clock.Advance(Tick);
        }
    }

    private protected List<QueuedEvent> Lease(int max)
    {
        var leased = new List<QueuedEvent>();
        Outbox.Lease(App, max, leased);
        return leased;
    }

    private protected List<QueuedEvent> TakeExpired()
    {
        var expired = new List<QueuedEvent>();
        Outbox.TakeExpired(App, expired);
        return expired;
    }

    private protected static IEnumerable<string> Slugs(IEnumerable<QueuedEvent> events) =>
        events.Select(queued => queued.Slug);
}
