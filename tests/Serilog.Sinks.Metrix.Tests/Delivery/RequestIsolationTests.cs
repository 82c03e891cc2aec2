using System.Diagnostics;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Sinks.Metrix.Tests.Support;

namespace Serilog.Sinks.Metrix.Tests.Delivery;

/// <summary>Tests that the requests of the sink do not leak into traces or to other servers.</summary>
public class RequestIsolationTests
{
    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await TestEmulator.StartAsync();
        await using var shop = await Shop.StartAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(100),
            answer: request => new EmulatorResponse(307)
            {
                Headers = new Dictionary<string, string>
                {
                    ["Location"] = new Uri(elsewhere.Endpoint, request.Path).ToString(),
                },
            });
        shop.UserLogger.Information("<@Purchase>");
        await shop.CloseAsync();

        Assert.Equal(1, shop.Meter.Abandoned);
        Assert.Empty(elsewhere.Events);
        Assert.Empty(elsewhere.Rejected);
    }

    [Fact]
    public async Task Requests_of_the_sink_are_not_traced_and_carry_no_trace_headers()
    {
        var sources = new HashSet<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "System.Net.Http" or "Experimental.System.Net.Http.Connections",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity =>
            {
                lock (sources)
                    sources.Add(activity.Source.Name);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new Activity("request").Start();
        await using var shop = await Shop.StartAsync();
        shop.UserLogger.Information("<@Purchase>");

        var headers = Assert.Single(await shop.CloseAsync()).Request.Headers;
        Assert.DoesNotContain(headers, h => h.Key.StartsWith("trace", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(headers, h => h.Key.Equals("baggage", StringComparison.OrdinalIgnoreCase));
        lock (sources)
            Assert.DoesNotContain("System.Net.Http", sources);
    }
}
