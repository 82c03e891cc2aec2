using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Support;

/// <summary>A clock whose wall time somebody sets, while its monotonic time goes on.</summary>
internal sealed class WallClock : FakeTimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
