using System.Diagnostics;
using System.Net;
using Serilog;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures audited log calls, which return when their event is on the disk. Concurrent calls share a commit.
/// </summary>
internal static class AuditBenchmark
{
    public static void Run(int events)
    {
        foreach (var threads in new[] { 1, 8, 64 })
        {
            var folder = Directory.CreateTempSubdirectory("metrix-");
            try
            {
                using (var log = new LoggerConfiguration()
                    .Enrich.WithProperty("metrix.user_id", "mx-user-1001")
                    .Enrich.WithProperty("metrix.session_id", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001")
                    .Enrich.WithProperty("metrix.advertising_id", "38400000-8cf0-11bd-b23e-10b96e40000d")
                    .AuditTo.Metrix(options =>
                    {
                        options.AppId = "app";
                        options.DevKey = "key";
                        options.OutboxPath = Path.Combine(folder.FullName, "metrix.db");
                        options.HttpMessageHandlerFactory = () => new AcceptingHandler();
                    })
                    .CreateLogger())
                {
                    Measure(log, threads, events / threads);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static void Measure(ILogger log, int threads, int eventsEach)
    {
        log.Information("<@taqsq> {Amount}", 1.5);
        var milliseconds = new double[threads * eventsEach];
        var startedAt = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < eventsEach; i++)
            {
                var before = Stopwatch.GetTimestamp();
                log.Information("<@taqsq> {Amount}", 130.5);
                var elapsed = Stopwatch.GetElapsedTime(before);
                milliseconds[(thread * eventsEach) + i] = elapsed.TotalMilliseconds;
            }
        })).ToList();
        workers.ForEach(thread => thread.Start());
        workers.ForEach(thread => thread.Join());
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;

        Array.Sort(milliseconds);
        var median = milliseconds[milliseconds.Length / 2];
        var tail = milliseconds[(int)(milliseconds.Length * 0.99)];
        Console.WriteLine(
            $"audit, {threads,2} threads: {milliseconds.Length / seconds:N0} events/s, " +
            $"{median:F2} ms a call (median), {tail:F2} ms (99th percentile)");
    }

    /// <summary>Accepts every request at once, so that the benchmark measures the disk.</summary>
    private sealed class AcceptingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
