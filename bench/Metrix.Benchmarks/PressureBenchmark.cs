using System.Diagnostics;
using Serilog;
using Serilog.Core;
using Serilog.Sinks.Metrix;

namespace Metrix.Benchmarks;

/// <summary>
/// What the application feels when Metrix is away: how long a log call takes, and how much memory is kept. The server is
/// dead from the first request on; the healthy one beside it, in the same run, is what to compare with.
/// </summary>
internal static class PressureBenchmark
{
    /// <summary>Logs many more events than there is room for, and tells the memory that was held at most.</summary>
    public static async Task OverloadAsync(int events)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        long limit = 0;
        await using (var logger = Logger(isDead: true, options => limit = options.OutboxSizeLimit))
        {
            for (var i = 0; i < events; i++)
            {
                logger.Information("<@taqsq> {Number} {MetrixUserId} {MetrixSessionId} {MetrixIdfa}", i, "user", "session", "idfa");
                if (i % 10_000 == 0)
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: i % 100_000 == 0));
            }
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{events:N0} events against a dead server: the heap grew by {(most - before) >> 20:N0} MiB at most, the outbox may hold " +
            $"{limit >> 20:N0} MiB, the process had {process.PeakWorkingSet64 >> 20:N0} MiB at its peak");
    }

    /// <summary>Times each log call beside a healthy server and beside a dead one.</summary>
    public static async Task DeadServerAsync(int events, int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            var healthy = await TimeAsync(isDead: false, events);
            var dead = await TimeAsync(isDead: true, events);
            Console.WriteLine(
                $"round {round}: a log call took, at the 50th and 99.9th percentile, healthy {healthy.Median:F2} and {healthy.Tail:F2} µs, " +
                $"dead {dead.Median:F2} and {dead.Tail:F2} µs   ratio of the tails {dead.Tail / healthy.Tail:F2}");
        }
    }

    private static async Task<(double Median, double Tail)> TimeAsync(bool isDead, int events)
    {
        var ticks = new long[events];
        await using (var logger = Logger(isDead))
        {
            for (var i = 0; i < events; i++)
            {
                var start = Stopwatch.GetTimestamp();
                logger.Information("<@taqsq> {Number} {MetrixUserId} {MetrixSessionId} {MetrixIdfa}", i, "user", "session", "idfa");
                ticks[i] = Stopwatch.GetTimestamp() - start;
            }
        }

        Array.Sort(ticks);
        return (Microseconds(ticks[events / 2]), Microseconds(ticks[(int)(events * 0.999)]));

        static double Microseconds(long value) => value * 1e6 / Stopwatch.Frequency;
    }

    private static Logger Logger(bool isDead, Action<MetrixSinkOptions>? see = null) => new LoggerConfiguration().WriteTo.Metrix(options =>
    {
        options.AppId = "app";
        options.DevKey = "key";
        options.Endpoint = new Uri("http://127.0.0.1:9");
        options.FlushTimeout = TimeSpan.FromMilliseconds(100);
        options.Diagnostics = _ => { };
        options.HttpMessageHandlerFactory = () => new Server(isDead);
        see?.Invoke(options);
    }).CreateLogger();

    /// <summary>Answers at once, or never.</summary>
    private sealed class Server(bool isDead) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (isDead)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
        }
    }
}
