using System.Collections.Concurrent;
using Metrix.Emulator;

namespace Metrix.Tests.Support;

/// <summary>
/// Starts emulators that <see cref="BalancedLedgerAttribute"/> knows: after each test it compares what the clients
/// delivered with what the emulator received.
/// </summary>
public static class TestEmulator
{
    // By port. A port can be used again by a later emulator, so each keeps its predecessors.
    private static readonly ConcurrentDictionary<int, MetrixEmulator[]> Started = new();

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">The options, or null for the defaults.</param>
    public static async Task<MetrixEmulator> StartAsync(MetrixEmulatorOptions? options = null)
    {
        var emulator = await MetrixEmulator.StartAsync(options);
        Started.AddOrUpdate(emulator.Endpoint.Port, [emulator], (_, earlier) => [.. earlier, emulator]);
        return emulator;
    }

    /// <summary>Starts an emulator that knows one app, with the key of <see cref="TestUser"/>.</summary>
    /// <param name="appId">The app id.</param>
    /// <param name="answer">Overrides the emulator's answers. Default null.</param>
    public static Task<MetrixEmulator> StartAsync(
        string appId, Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [appId] = TestUser.DevKey },
            Answer = answer,
        });

    /// <summary>
    /// Counts the requests of an app that the emulators at an endpoint answered with 2xx. Returns null if no emulator
    /// listened there.
    /// </summary>
    internal static long? CountAccepted(Uri endpoint, string appId)
    {
        if (!endpoint.IsLoopback || !Started.TryGetValue(endpoint.Port, out var emulators))
            return null;

        return emulators.Sum(emulator =>
            emulator.Events.LongCount(accepted => accepted.Request.AppId == appId)

            // An answer delegate can return 2xx for an invalid event. The client then counts it as delivered.
            + emulator.Rejected.LongCount(
                rejected => rejected.Request.AppId == appId && rejected.Status is >= 200 and < 300));
    }
}
