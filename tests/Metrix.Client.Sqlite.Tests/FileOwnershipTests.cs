using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

public sealed class FileOwnershipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ShiftableClock _clock = new();
    private readonly OutboxDatabase _database;
    private readonly FileOwnership _ownership;

    public FileOwnershipTests()
    {
        _database = OutboxDatabase.Open(_folder.File("metrix.db"));
        _ownership = new FileOwnership(_folder.File("metrix.db"), _clock);
    }

    [Fact]
    public void Ownership_of_a_single_owner_is_always_proven()
    {
        _ownership.Register(_database);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.True(_ownership.IsProven);
    }

    [Fact]
    public void Ownership_among_several_owners_is_proven_for_half_the_timeout_after_a_heartbeat()
    {
        _database.Register(4711, "another", 0);
        _ownership.Register(_database);
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(_ownership.IsProven);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_ownership.IsProven);
        Assert.True(_ownership.RenewHeartbeat());
        Assert.True(_ownership.IsProven);
    }

    [Fact]
    public void An_owner_with_regular_heartbeats_is_never_considered_dead()
    {
        _database.Register(4711, "another", 0);
        _ownership.Register(_database);
        for (var i = 0; i < 20; i++)
        {
            _database.RenewHeartbeat(4711);
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.True(_ownership.RenewHeartbeat());
            Assert.False(_ownership.HasOrphans);
        }

        _clock.Advance(TimeSpan.FromSeconds(29));
        _ownership.RenewHeartbeat();
        Assert.False(_ownership.HasOrphans);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _ownership.RenewHeartbeat();
        Assert.True(_ownership.HasOrphans);
    }

    [Fact]
    public void Setting_the_wall_clock_does_not_make_an_owner_appear_dead()
    {
        _database.Register(4711, "another", 0);
        _ownership.Register(_database);
        _clock.Shift = TimeSpan.FromDays(1);
        _ownership.RenewHeartbeat();
        Assert.False(_ownership.HasOrphans);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>Represents a clock whose wall time a test can shift. Its monotonic time is not affected.</summary>
    private sealed class ShiftableClock : FakeTimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

        // The base class derives the timestamp from the shifted wall time.
        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
