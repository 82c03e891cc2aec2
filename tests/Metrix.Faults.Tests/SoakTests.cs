using System.Globalization;
using Metrix.Client;
using Metrix.Faults.Tests.Support;
using Metrix.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Runs two front ends against a server with random faults while another thread checks the ledgers. The variable
/// <c>METRIX_SOAK_SECONDS</c> sets the duration. Default: 10 seconds.
/// </summary>
public class SoakTests
{
    private const int MaxInFlight = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(EnvironmentNumber("METRIX_SOAK_SECONDS", 10));

    [Fact]
    public async Task No_event_is_lost_or_sent_twice_and_the_ledger_is_balanced_at_every_moment()
    {
        var unanswered = new HashSet<int>();
        await using var server = new FaultServer(request => SelectFault(request, unanswered));
        await using var serilog = Front.Create(FrontEnd.Serilog, server.Endpoint, MaxInFlight, Configure);
        await using var activities = Front.Create(FrontEnd.Activities, server.Endpoint, MaxInFlight, Configure);
        using var end = new CancellationTokenSource(Duration, TimeProvider.System);
        var samples = 0;
        var sampling = Task.Factory.StartNew(
            () =>
            {
                do
                {
                    foreach (var client in ClientRegistry.All)
                        Assert.True(client.Ledger.IsBalanced, client.Ledger.ToString());
                    samples++;
                    Thread.Yield();
                }
                while (!end.IsCancellationRequested || samples < 1_000);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        // Even numbers through one, odd numbers through the other, and only slightly ahead of the server.
        var emitted = 0;
        while (!end.IsCancellationRequested)
        {
            for (var i = 0; i < 50; i++, emitted += 2)
            {
                serilog.Emit(emitted);
                activities.Emit(emitted + 1);
            }

            await Eventually.TrueAsync(
                () => end.IsCancellationRequested || emitted - server.Accepted.Count <= 5_000);
        }

        await sampling;
        await Task.WhenAll(serilog.CloseAsync(), activities.CloseAsync());
        Assert.Equal(Enumerable.Range(0, emitted), server.Accepted.Keys.Order());
        Assert.All(
            server.Accepted,
            accepted => Assert.InRange(accepted.Value, 1, unanswered.Contains(accepted.Key) ? 2 : 1));
        Assert.Equal(
            (emitted / 2, emitted / 2), ((int)serilog.Meter.Delivered, (int)activities.Meter.Delivered));
        Assert.True(samples >= 1_000);

        static void Configure(MetrixOptions options) => options.QueueLimit = 1_000_000;
    }

    internal static int EnvironmentNumber(string name, int defaultValue) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number
            : defaultValue;

    // Depends on the index of the request, so that every run has the same faults.
    private static Fault SelectFault(FaultRequest request, HashSet<int> unanswered)
    {
        if (request.Connection > 0)
            return request.Connection % 97 == 0 ? Fault.ResetConnection : Fault.None;

        switch (request.Index % 1_009)
        {
            case 100 or 101 or 102:
                return Fault.Status(503);
            case 200:
                return Fault.Status(429, "Retry-After: 1\r\n");
            case 300:
                return Fault.NoHttp;
            case 400:
                return Fault.Status(401);
            case 500:
                return Fault.AcceptAndClose;
            case 600:
                lock (unanswered)
                    return unanswered.Add(request.Number) ? Fault.ResetAfterAccepting : Fault.None;
            default:
                return Fault.None;
        }
    }
}
