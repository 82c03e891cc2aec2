using System.Diagnostics;
using System.Net.Http.Headers;
using Metrix.Client;
using Metrix.Emulator;

namespace Metrix.Benchmarks;

/// <summary>
/// Measures the processor time of one delivered event, with an outbox in memory and in a file, and compares it with a
/// bare loop that posts the same bytes with the same number of requests in flight. The emulator runs in its own
/// process, so that its time is not counted. Compare ratios within one run, not figures of two runs.
/// </summary>
internal static class DeliveryBenchmark
{
    private const int InFlight = 64;

    private static readonly MetrixIdentity Identity = new()
    {
        MetrixUserId = "mx-user-1001",
        MetrixSessionId = "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001",
        AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d",
    };

    // Mapped and encoded for each event but created once: creating it is the application's own cost.
    private static readonly MetrixEvent Purchase = new("taqsq", Identity)
    {
        Properties = { ["OrderId"] = "12345", ["Amount"] = 130.5, ["Currency"] = "IRR", ["City"] = "تهران" },
    };

    public static async Task RunAsync(int events, int rounds)
    {
        using var emulator = StartEmulator(out var endpoint);
        try
        {
            var body = await CaptureBodyAsync();
            var (ratios, durableRatios) = (new List<double>(), new List<double>());
            for (var round = 0; round <= rounds; round++)
            {
                var bare = await MeasureAsync(() => PostBareAsync(endpoint, body, events));
                var client = await MeasureAsync(() => SendAsync(endpoint, events, outboxPath: null));
                var durable = await MeasureAsync(() => SendDurablyAsync(endpoint, events));

                // The first round only warms up.
                if (round == 0)
                    continue;

                ratios.Add(client.Processor / bare.Processor);
                durableRatios.Add(durable.Processor / client.Processor);
                Console.WriteLine(
                    $"round {round}, CPU per event and throughput: " +
                    $"bare {Describe(bare)}   memory {Describe(client)}   durable {Describe(durable)}");
            }

            Console.WriteLine(
                $"median ratio of CPU: memory to bare {Median(ratios):F2}, " +
                $"durable to memory {Median(durableRatios):F2}");
        }
        finally
        {
            emulator.Kill();
        }

        string Describe((double Processor, double Wall) measured) =>
            $"{measured.Processor * 1e6 / events:F1} µs, {events / measured.Wall:N0} events/s";

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    private static async Task SendDurablyAsync(Uri endpoint, int events)
    {
        var folder = Directory.CreateTempSubdirectory("metrix-");
        try
        {
            await SendAsync(endpoint, events, Path.Combine(folder.FullName, "metrix.db"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SendAsync(Uri endpoint, int events, string? outboxPath)
    {
        await using var client = new MetrixClient(new MetrixOptions
        {
            AppId = "app",
            DevKey = "key",
            Endpoint = endpoint,
            MaxInFlight = InFlight,
            OutboxPath = outboxPath,
            FlushTimeout = TimeSpan.FromMinutes(5),
        });
        for (var i = 0; i < events; i++)
            client.Send(Purchase);

        if (!await client.FlushAsync())
            throw new InvalidOperationException("Not all events were delivered.");
    }

    private static async Task PostBareAsync(Uri endpoint, byte[] body, int events)
    {
        using var invoker = new HttpMessageInvoker(
            new SocketsHttpHandler { MaxConnectionsPerServer = InFlight, ActivityHeadersPropagator = null });
        var address = new Uri(endpoint, "inappevent/app");
        var contentType = new MediaTypeHeaderValue("application/json");
        var remaining = events;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref remaining) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = contentType } },
                };
                request.Headers.TryAddWithoutValidation("Authorization", "key");
                using var response = await invoker.SendAsync(request, CancellationToken.None);
                response.EnsureSuccessStatusCode();
            }
        })));
    }

    private static async Task<byte[]> CaptureBodyAsync()
    {
        await using var emulator = await MetrixEmulator.StartAsync();
        await using var client = new MetrixClient(
            new MetrixOptions { AppId = "app", DevKey = "key", Endpoint = emulator.Endpoint });
        client.Send(Purchase);
        await client.FlushAsync();
        return emulator.Events[0].Request.Body.ToArray();
    }

    private static async Task<(double Processor, double Wall)> MeasureAsync(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var (processor, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await work();
        process.Refresh();
        return ((process.TotalProcessorTime - processor).TotalSeconds, Stopwatch.GetElapsedTime(wall).TotalSeconds);
    }

    private static Process StartEmulator(out Uri endpoint)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "metrix.dll");
        var start = new ProcessStartInfo("dotnet", [tool, "emulator", "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The emulator did not start.");
        endpoint = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(' ')[0]);
        return process;
    }
}
