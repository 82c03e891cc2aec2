using System.Diagnostics;
using System.Net.Http.Headers;
using Metrix.Client;
using Metrix.Emulator;

namespace Metrix.Benchmarks;

/// <summary>
/// The processor time that one delivered event costs, from memory and from a file, beside that of a bare loop which posts the same bytes with as many
/// requests in flight. The emulator runs in a process of its own, so that its time is not counted. Figures of two runs
/// do not compare; the ratio within one does.
/// </summary>
internal static class DeliveryBenchmark
{
    private const int InFlight = 64;

    private static readonly MetrixIdentity Identity = new()
    {
        MetrixUserId = "1415211453000-6513894",
        MetrixSessionId = "0de6a2d5-1c1f-4d3b-9f2e-a6c9a1f7c001",
        AdvertisingId = "38400000-8cf0-11bd-b23e-10b96e40000d",
    };

    // Mapped and encoded again each time, but not made again: that is the application's own cost.
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

                // The first round warms both up.
                if (round == 0)
                    continue;

                ratios.Add(client.Processor / bare.Processor);
                durableRatios.Add(durable.Processor / client.Processor);
                Console.WriteLine(
                    $"round {round}: bare {Microseconds(bare.Processor)} µs of CPU an event, {events / bare.Wall:N0} events/s   " +
                    $"memory {Microseconds(client.Processor)} µs, {events / client.Wall:N0} events/s   " +
                    $"durable {Microseconds(durable.Processor)} µs, {events / durable.Wall:N0} events/s");
            }

            Console.WriteLine(
                $"median ratio of CPU, memory to bare: {Median(ratios):F2}, durable to memory: {Median(durableRatios):F2}");
        }
        finally
        {
            emulator.Kill();
        }

        string Microseconds(double seconds) => $"{seconds * 1e6 / events:F1}";

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
        var left = events;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
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
        await using var client = new MetrixClient(new MetrixOptions { AppId = "app", DevKey = "key", Endpoint = emulator.Endpoint });
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
        var start = new ProcessStartInfo("dotnet", [typeof(MetrixEmulator).Assembly.Location, "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The emulator did not start.");
        endpoint = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Split(' ')[0]);
        return process;
    }
}
