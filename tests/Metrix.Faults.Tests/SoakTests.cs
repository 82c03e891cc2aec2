using System.Globalization;
using Metrix.Client;
using Metrix.Faults.Tests.Support;

namespace Metrix.Faults.Tests;

/// <summary>
/// Both front ends at once against a server that fails at random, while a sampler looks at the books. As long as
/// <c>METRIX_SOAK_SECONDS</c> says; ten seconds when it does not.
/// </summary>
public class SoakTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("METRIX_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 10);

    [Fact]
    public async Task Nothing_is_lost_or_sent_twice_and_the_books_are_balanced_at_every_moment()
    {
        var unknown = new HashSet<int>();
        await using var server = new FaultServer(request => Misbehave(request, unknown));
        await using var serilog = new Front(FrontEnd.Serilog, server.Endpoint, options => options.QueueLimit = 1_000_000);
        await using var telemetry = new Front(FrontEnd.OpenTelemetry, server.Endpoint, options => options.QueueLimit = 1_000_000);
        using var end = new CancellationTokenSource(Duration);
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
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // Even numbers through one, odd numbers through the other, no more ahead of the server than it takes in a while.
        var emitted = 0;
        while (!end.IsCancellationRequested)
        {
            for (var i = 0; i < 50; i++, emitted += 2)
            {
                serilog.Emit(emitted);
                telemetry.Emit(emitted + 1);
            }

            while (!end.IsCancellationRequested && emitted - server.Taken.Count > 5_000)
                await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await sampling;
        await Task.WhenAll(serilog.CloseAsync(), telemetry.CloseAsync());
        Assert.Equal(Enumerable.Range(0, emitted), server.Taken.Keys.Order());
        Assert.All(server.Taken, taken => Assert.InRange(taken.Value, 1, unknown.Contains(taken.Key) ? 2 : 1));
        Assert.Equal((emitted / 2, emitted / 2), ((int)serilog.Books.Delivered, (int)telemetry.Books.Delivered));
        Assert.True(samples >= 1_000);
    }

    // By the number of the request, so that what it does is the same in each run.
    private static Fault Misbehave(FaultRequest request, HashSet<int> unknown)
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
                return Fault.TakeAndClose;
            case 600:
                lock (unknown)
                    return unknown.Add(request.Number) ? Fault.ResetAfterTaking : Fault.None;
            default:
                return Fault.None;
        }
    }
}
