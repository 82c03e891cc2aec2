using Metrix.Client;

namespace Metrix.Faults.Tests.Support;

/// <summary>
/// Runs an application against a faulty server and compares what it emitted with what the server accepted, event by
/// event.
/// </summary>
internal static class FaultRun
{
    public const int Count = 200;

    /// <summary>Gets the numbers of the events that a test emits.</summary>
    public static IEnumerable<int> All { get; } = Enumerable.Range(0, Count);

    /// <summary>Emits all events and asserts that the server accepted each exactly once.</summary>
    public static async Task RunAsync(
        FrontEnd front,
        int maxInFlight,
        Func<FaultRequest, Fault> selectFault,
        Action<MetrixOptions>? configure = null)
    {
        await using var server = new FaultServer(selectFault);
        await using var app = Front.Create(front, server.Endpoint, maxInFlight, configure);
        app.Emit(All);
        await AssertAllDeliveredOnceAsync(app, server);
    }

    /// <summary>Closes the application and asserts that the server accepted each event exactly once.</summary>
    public static async Task AssertAllDeliveredOnceAsync(Front app, FaultServer server)
    {
        await app.CloseAsync();
        Assert.Equal(All, server.Accepted.Keys.Order());
        Assert.All(server.Accepted, accepted => Assert.Equal((accepted.Key, 1), (accepted.Key, accepted.Value)));
        Assert.Equal(Count, app.Meter.Delivered);
        Assert.Empty(app.Failed);
    }
}
