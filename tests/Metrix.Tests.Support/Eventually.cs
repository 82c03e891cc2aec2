using System.Diagnostics;
using Xunit;

namespace Metrix.Tests.Support;

/// <summary>
/// Waits for something that happens on another thread or in another process.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Gets how long tests wait: far above what a loaded machine needs, so that only what never happens fails.
    /// </summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition is true. Fails the test if it is still false after a minute.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="describe">Describes the actual state, for the failure. Default null.</param>
    public static async Task TrueAsync(Func<bool> condition, Func<string>? describe = null)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > Limit)
                Assert.Fail($"The condition was not met within {Limit.TotalSeconds:F0} s. {describe?.Invoke()}");
            await Task.Delay(PollInterval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until one of the messages contains a text.</summary>
    public static Task ContainsAsync(IEnumerable<string> messages, string text) => TrueAsync(
        () => messages.Any(message => message.Contains(text, StringComparison.Ordinal)),
        () => $"No message contains \"{text}\". Messages: {string.Join(" | ", messages)}");
}
