using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Metrix.Emulator;
using Metrix.OpenTelemetry.Exporter.Tests.Support;
using Metrix.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Pipeline;

/// <summary>Tests the results and the timeouts of flush and shutdown.</summary>
public class FlushTests
{
    [Fact]
    public async Task Flush_returns_true_when_all_events_are_delivered()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 100; i++)
            Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.ForceFlush());
        Assert.Equal(100, telemetry.Emulator.Events.Count);
        Assert.True(telemetry.Tracing.ForceFlush(0));
    }

    [Fact]
    public async Task Flush_returns_true_when_an_event_is_rejected()
    {
        await using var telemetry = await Telemetry.TraceAsync(answer: _ => new EmulatorResponse(400));
        Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.ForceFlush(60_000));
        Assert.Equal(1, telemetry.Meter.Rejected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(-1)]
    public async Task Flush_returns_false_at_the_timeout_when_the_server_never_answers(int timeout)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.ForceFlush(timeout));
        Assert.Equal(1, telemetry.Meter.Pending);
        Assert.False(telemetry.Tracing.Shutdown(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(-1)]
    public async Task Shutdown_returns_false_and_reports_the_count_when_events_are_abandoned(int timeout)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        for (var i = 0; i < 30; i++)
            Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.Shutdown(timeout));
        await telemetry.CloseAsync();
        Assert.Equal((30, 0), (telemetry.Meter.Abandoned, telemetry.Meter.Delivered));
        Assert.Contains(telemetry.Messages, message => message.Contains("30 events that still waited are lost"));
    }

    [Fact]
    public async Task Shutdown_returns_true_when_all_events_are_delivered()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 30; i++)
            Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.Shutdown(60_000));
        Assert.Equal(30, telemetry.Emulator.Events.Count);
    }

    [Fact]
    public async Task Shutdown_with_timeout_zero_returns_true_when_no_event_is_pending()
    {
        await using var telemetry = await Telemetry.TraceAsync();

        Assert.True(telemetry.Tracing.Shutdown(0));
    }

    [Fact]
    public async Task Flush_and_shutdown_of_logging_return_false_when_the_server_never_answers()
    {
        IServiceProvider? serviceProvider = null;
        await using var telemetry = await Telemetry.LogAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            options => options.AddProcessor(services =>
            {
                serviceProvider = services;
                return new NoOpProcessor();
            }),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        telemetry.Logger.LogInformation(
            "<@Purchase> {metrix.user_id} {metrix.session_id} {metrix.idfa}", "u", "s", TestUser.Idfa);

        var provider = serviceProvider!.GetRequiredService<LoggerProvider>();
        Assert.False(provider.ForceFlush(30));
        Assert.False(provider.Shutdown(30));
        await telemetry.CloseAsync();
        Assert.Equal(1, telemetry.Meter.Abandoned);
    }

    [Fact]
    public async Task Flush_leaves_time_for_the_next_processor()
    {
        var next = new RecordingProcessor(() => 0);
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        telemetry.Tracing.AddProcessor(next);
        Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.ForceFlush(1_000));
        Assert.InRange(next.FlushTimeoutMilliseconds!.Value, 1, 1_000);
        telemetry.Tracing.Shutdown(0);
    }

    [Fact]
    public async Task Shutdown_leaves_time_for_the_next_processor_when_the_server_never_answers()
    {
        using var silentServer = new TcpListener(IPAddress.Loopback, 0);
        silentServer.Start();
        var appId = TestUser.AppId();
        using var meter = new MeterRecorder(appId);
        using var source = new ActivitySource($"Shop-{appId}");
        var next = new RecordingProcessor(() => meter.Abandoned);
        var tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .AddMetrixExporter(o =>
            {
                o.AppId = appId;
                o.DevKey = Telemetry.DevKey;
                o.Endpoint = new Uri($"http://{silentServer.LocalEndpoint}");
                o.Period = TimeSpan.FromMilliseconds(10);
                o.Slugs["Purchase"] = "taqsq";
            })
            .AddProcessor(next)
            .Build();
        for (var i = 0; i < 3_000; i++)
            Purchase(source);

        Assert.Equal(3_000, next.ActivityCount);
        Assert.False(tracing.Shutdown(2_000));

        // When the next processor shuts down, no event is abandoned yet and time remains.
        Assert.Equal(0, next.AbandonedAtShutdown);
        Assert.InRange(next.ShutdownTimeoutMilliseconds!.Value, 1, 2_000);
        await Task.Run(tracing.Dispose);
        Assert.Equal(3_000, meter.Abandoned);
        meter.AssertClosed();
    }

    private static void Purchase(ActivitySource source)
    {
        using var activity = source.StartActivity("Purchase")!.WithIdentity();
    }

    /// <summary>Records how much time flush and shutdown leave to it.</summary>
    private sealed class RecordingProcessor(Func<long> countAbandoned) : BaseProcessor<Activity>
    {
        private int _activityCount;

        public int ActivityCount => _activityCount;

        public int? FlushTimeoutMilliseconds { get; private set; }

        public int? ShutdownTimeoutMilliseconds { get; private set; }

        public long? AbandonedAtShutdown { get; private set; }

        public override void OnEnd(Activity data) => Interlocked.Increment(ref _activityCount);

        protected override bool OnForceFlush(int timeoutMilliseconds)
        {
            FlushTimeoutMilliseconds = timeoutMilliseconds;
            return true;
        }

        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            ShutdownTimeoutMilliseconds = timeoutMilliseconds;
            AbandonedAtShutdown = countAbandoned();
            return true;
        }
    }

    private sealed class NoOpProcessor : BaseProcessor<LogRecord>;
}
