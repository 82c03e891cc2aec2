using System.Diagnostics;
using System.Net;
using Serilog;

namespace Metrix.Benchmarks;

/// <summary>
/// What a call costs that returns when its event is on the disk: threads that log at the same time share a commit.
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
                    .Enrich.WithProperty("metrix.user_id", "1415211453000-6513894")
                    .Enrich.WithProperty("metrix.session_id", "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001")
                    .Enrich.WithProperty("metrix.advertising_id", "38400000-8cf0-11bd-b23e-10b96e40000d")
                    .AuditTo.Metrix(options =>
                    {
                        options.AppId = "app";
                        options.DevKey = "key";
                        options.OutboxPath = Path.Combine(folder.FullName, "metrix.db");
                        options.HttpMessageHandlerFactory = () => new Taking();
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
        var took = new double[threads * eventsEach];
        var startedAt = Stopwatch.GetTimestamp();
        var all = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < eventsEach; i++)
            {
                var before = Stopwatch.GetTimestamp();
                log.Information("<@taqsq> {Amount}", 130.5);
                took[(thread * eventsEach) + i] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;

        Array.Sort(took);
        Console.WriteLine(
            $"audit, {threads,2} threads: {took.Length / seconds:N0} events/s, a call takes {took[took.Length / 2]:F2} ms (median), " +
            $"{took[(int)(took.Length * 0.99)]:F2} ms (99th percentile)");
    }

    /// <summary>Takes everything at once: what is measured is the disk.</summary>
    private sealed class Taking : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
