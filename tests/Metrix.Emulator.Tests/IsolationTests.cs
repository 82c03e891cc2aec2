using System.Collections.Concurrent;
using System.Diagnostics;
using Metrix.Emulator.Tests.Support;

namespace Metrix.Emulator.Tests;

public class IsolationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Emulator_starts_no_activity_that_the_application_can_observe()
    {
        var sources = new ConcurrentQueue<string>();
        using var tracer = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => sources.Enqueue(activity.Source.Name),
        };
        ActivitySource.AddActivityListener(tracer);
        var current = new ConcurrentQueue<string?>();
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(_ =>
        {
            current.Enqueue(Activity.Current?.OperationName);
            return null;
        }), Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"inappevent/{TestData.App}");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await emulator.SendAsync(request);

        Assert.Null(Assert.Single(current));
        Assert.DoesNotContain(sources, source => source.Contains("AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execution_context_of_the_start_does_not_flow_into_requests()
    {
        var ambient = new AsyncLocal<string?> { Value = "of the application" };
        var seen = new ConcurrentQueue<string?>();
        await using var emulator = await MetrixEmulator.StartAsync(TestData.Options(_ =>
        {
            seen.Enqueue(ambient.Value);
            return null;
        }), Cancel);
        await emulator.SendAcceptedAsync();

        Assert.Null(Assert.Single(seen));
    }
}
