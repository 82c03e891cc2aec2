using System.Diagnostics;
using Serilog;
using Serilog.Core;
using Serilog.Sinks.Metrix;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures what an application notices of a dead server: the duration of a log call and the memory in use. A healthy
/// server in the same run is the reference.
/// </summary>
internal static class PressureBenchmark
{
    private const string Template = "<@taqsq> {Number} {MetrixUserId} {MetrixSessionId} {MetrixIdfa}";

    /// <summary>Logs many more events than the outbox can hold, and prints the peak memory.</summary>
    public static async Task OverloadAsync(int events)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = before;
        long limit = 0;
        await using (var logger = CreateLogger(isDead: true, options => limit = options.OutboxSizeLimit))
        {
            for (var i = 0; i < events; i++)
            {
                logger.Information(Template, i, "user", "session", "idfa");
                if (i % 10_000 == 0)
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: i % 100_000 == 0));
            }
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{events:N0} events against a dead server: the heap grew by at most {(peak - before) >> 20:N0} MiB, " +
            $"OutboxSizeLimit is {limit >> 20:N0} MiB, " +
            $"the peak working set was {process.PeakWorkingSet64 >> 20:N0} MiB");
    }

    /// <summary>Measures each log call with a healthy server and with a dead one.</summary>
    public static async Task DeadServerAsync(int events, int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            var healthy = await TimeAsync(isDead: false, events);
            var dead = await TimeAsync(isDead: true, events);
            Console.WriteLine(
                $"round {round}, a log call at the 50th and 99.9th percentile: " +
                $"healthy {healthy.Median:F2} and {healthy.Tail:F2} µs, " +
                $"dead {dead.Median:F2} and {dead.Tail:F2} µs   " +
                $"ratio of the tails {dead.Tail / healthy.Tail:F2}");
        }
    }

    private static async Task<(double Median, double Tail)> TimeAsync(bool isDead, int events)
    {
        var ticks = new long[events];
        await using (var logger = CreateLogger(isDead))
        {
            for (var i = 0; i < events; i++)
            {
                var start = Stopwatch.GetTimestamp();
                logger.Information(Template, i, "user", "session", "idfa");
                ticks[i] = Stopwatch.GetTimestamp() - start;
            }
        }

        Array.Sort(ticks);
        return (Microseconds(ticks[events / 2]), Microseconds(ticks[(int)(events * 0.999)]));

        static double Microseconds(long value) => value * 1e6 / Stopwatch.Frequency;
    }

    private static Logger CreateLogger(bool isDead, Action<MetrixSinkOptions>? inspect = null) =>
        new LoggerConfiguration().WriteTo.Metrix(options =>
        {
            options.AppId = "app";
            options.DevKey = "key";
            options.Endpoint = new Uri("http://127.0.0.1:9");
            options.FlushTimeout = TimeSpan.FromMilliseconds(100);
            options.Diagnostics = _ => { };
            options.HttpMessageHandlerFactory = () => new ServerHandler(isDead);
            inspect?.Invoke(options);
        }).CreateLogger();

    /// <summary>Answers every request at once, or never.</summary>
    private sealed class ServerHandler(bool isDead) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (isDead)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
        }
    }
}
