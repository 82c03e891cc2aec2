using Microsoft.Extensions.Time.Testing;

namespace Metrix.Client.Tests.Support;

/// <summary>Represents a clock whose wall time a test can shift. Its monotonic time is not affected.</summary>
internal sealed class ShiftableClock : FakeTimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
