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

public class FlushTests
{
    [Fact]
    public async Task A_flush_is_true_when_what_was_recognised_before_it_is_settled()
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 100; i++)
            Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.ForceFlush());
        Assert.Equal(100, telemetry.Emulator.Events.Count);
        Assert.True(telemetry.Tracing.ForceFlush(0));
    }

    [Fact]
    public async Task A_flush_is_true_when_what_was_recognised_before_it_is_rejected()
    {
        await using var telemetry = await Telemetry.TraceAsync(answer: _ => new EmulatorResponse(400));
        Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.ForceFlush(60_000));
        Assert.Equal(1, telemetry.Books.Rejected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(-1)]
    public async Task A_flush_is_false_and_ends_in_time_when_the_server_never_answers(int timeout)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50), answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.ForceFlush(timeout));
        Assert.Equal(1, telemetry.Books.Pending);
        Assert.False(telemetry.Tracing.Shutdown(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(-1)]
    public async Task A_shutdown_that_could_not_deliver_says_so_and_how_much_is_lost(int timeout)
    {
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50), answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        for (var i = 0; i < 30; i++)
            Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.Shutdown(timeout));
        await telemetry.CloseAsync();
        Assert.Equal((30, 0), (telemetry.Books.Abandoned, telemetry.Books.Delivered));
        Assert.Contains(telemetry.Said, message => message.Contains("30 events that still waited are lost"));
    }

    [Fact]
    public async Task A_shutdown_that_delivered_everything_says_so()
    {
        await using var telemetry = await Telemetry.TraceAsync(o => o.Period = TimeSpan.FromHours(1));
        for (var i = 0; i < 30; i++)
            Purchase(telemetry.Source);

        Assert.True(telemetry.Tracing.Shutdown(60_000));
        Assert.Equal(30, telemetry.Emulator.Events.Count);
    }

    [Fact]
    public async Task A_shutdown_with_nothing_to_send_is_true_even_without_time()
    {
        await using var telemetry = await Telemetry.TraceAsync();

        Assert.True(telemetry.Tracing.Shutdown(0));
    }

    [Fact]
    public async Task Logging_tells_the_truth_too()
    {
        IServiceProvider? container = null;
        await using var telemetry = await Telemetry.LogAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            options => options.AddProcessor(services =>
            {
                container = services;
                return new Nothing();
            }),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        telemetry.Log.LogInformation("<@Purchase> {metrix.user_id} {metrix.session_id} {metrix.idfa}", "u", "s", TestData.Idfa);

        var provider = container!.GetRequiredService<LoggerProvider>();
        Assert.False(provider.ForceFlush(30));
        Assert.False(provider.Shutdown(30));
        await telemetry.CloseAsync();
        Assert.Equal(1, telemetry.Books.Abandoned);
    }

    [Fact]
    public async Task A_flush_leaves_time_to_others_of_the_pipeline()
    {
        var after = new Watching(() => 0);
        await using var telemetry = await Telemetry.TraceAsync(
            o => o.FlushTimeout = TimeSpan.FromMilliseconds(50),
            answer: _ => new EmulatorResponse(200) { NeverAnswer = true });
        telemetry.Tracing.AddProcessor(after);
        Purchase(telemetry.Source);

        Assert.False(telemetry.Tracing.ForceFlush(1_000));
        Assert.InRange(after.TimeToFlush!.Value, 1, 1_000);
        telemetry.Tracing.Shutdown(0);
    }

    [Fact]
    public async Task Others_of_the_pipeline_get_their_time_when_the_server_never_answers()
    {
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        var appId = TestData.AppId();
        using var books = new MeterRecorder(appId);
        using var source = new ActivitySource($"Shop-{appId}");
        var after = new Watching(() => books.Abandoned);
        var tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .AddMetrixExporter(o =>
            {
                o.AppId = appId;
                o.DevKey = Telemetry.DevKey;
                o.Endpoint = new Uri($"http://{silence.LocalEndpoint}");
                o.Period = TimeSpan.FromMilliseconds(10);
                o.Slugs["Purchase"] = "taqsq";
            })
            .AddProcessor(after)
            .Build();
        for (var i = 0; i < 3_000; i++)
            Purchase(source);

        Assert.Equal(3_000, after.Ended);
        Assert.False(tracing.Shutdown(2_000));

        // Nothing was given up when the turn came to it, and there was time left for it.
        Assert.Equal(0, after.AbandonedAtShutDown);
        Assert.InRange(after.TimeToShutDown!.Value, 1, 2_000);
        await Task.Run(tracing.Dispose);
        Assert.Equal(3_000, books.Abandoned);
        books.AssertClosed();
    }

    private static void Purchase(ActivitySource source)
    {
        using var activity = source.StartActivity("Purchase")!.OfSomeUser();
    }

    private sealed class Watching(Func<long> abandoned) : BaseProcessor<Activity>
    {
        private int _ended;

        public int Ended => _ended;

        public int? TimeToShutDown { get; private set; }

        public long? AbandonedAtShutDown { get; private set; }

        public override void OnEnd(Activity data) => Interlocked.Increment(ref _ended);

        public int? TimeToFlush { get; private set; }

        protected override bool OnForceFlush(int timeoutMilliseconds)
        {
            TimeToFlush = timeoutMilliseconds;
            return true;
        }

        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            TimeToShutDown = timeoutMilliseconds;
            AbandonedAtShutDown = abandoned();
            return true;
        }
    }

    private sealed class Nothing : BaseProcessor<LogRecord>;
}
