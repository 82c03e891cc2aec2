using Metrix.Client.Sqlite.Outbox;
using Metrix.Client.Sqlite.Storage;
using Metrix.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Sqlite.Tests;

public sealed class TenancyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new();
    private readonly OutboxDatabase _database;
    private readonly FileOwnership _tenancy;

    public TenancyTests()
    {
        _database = OutboxDatabase.Open(_folder.File("metrix.db"));
        _tenancy = new FileOwnership(_folder.File("metrix.db"), _clock);
    }

    [Fact]
    public void Alone_it_is_always_fresh()
    {
        _tenancy.Register(_database);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.True(_tenancy.IsProven);
    }

    [Fact]
    public void Beside_others_it_is_fresh_for_half_the_time_after_which_they_take_it_for_dead()
    {
        _database.Register(4711, "another", 0);
        _tenancy.Register(_database);
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(_tenancy.IsProven);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_tenancy.IsProven);
        Assert.True(_tenancy.RenewHeartbeat());
        Assert.True(_tenancy.IsProven);
    }

    [Fact]
    public void One_whose_beat_goes_on_is_never_taken_for_dead()
    {
        _database.Register(4711, "another", 0);
        _tenancy.Register(_database);
        for (var i = 0; i < 20; i++)
        {
            _database.RenewHeartbeat(4711);
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.True(_tenancy.RenewHeartbeat());
            Assert.False(_tenancy.HasOrphans);
        }

        _clock.Advance(TimeSpan.FromSeconds(29));
        _tenancy.RenewHeartbeat();
        Assert.False(_tenancy.HasOrphans);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _tenancy.RenewHeartbeat();
        Assert.True(_tenancy.HasOrphans);
    }

    [Fact]
    public void Setting_the_wall_clock_kills_nobody()
    {
        _database.Register(4711, "another", 0);
        _tenancy.Register(_database);
        _clock.Shift = TimeSpan.FromDays(1);
        _tenancy.RenewHeartbeat();
        Assert.False(_tenancy.HasOrphans);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>A clock whose wall time is set while its monotonic time goes on.</summary>
    private sealed class SetClock : FakeTimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

        // The base makes it of the wall's time.
        public override long GetTimestamp() => base.GetTimestamp() - Shift.Ticks;
    }
}
