using System.Diagnostics;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// An application that traces and logs, the exporter and the emulator, over real sockets. The books are closed when it ends,
/// whatever the test was of.
/// </summary>
internal sealed class Telemetry : IAsyncDisposable
{
    public const string DevKey = "dev-key-of-the-shop";

    private readonly TracerProvider? _tracing;
    private readonly ILoggerFactory? _logging;
    private readonly List<string> _said = [];
    private bool _isClosed;

    private Telemetry(
        MetrixEmulator emulator, string appId, MeterRecorder books, Action<MetrixExporterOptions>? configure,
        Action<TracerProviderBuilder>? tracing, Action<OpenTelemetryLoggerOptions>? logging)
    {
        Emulator = emulator;
        AppId = appId;
        Books = books;
        Source = new ActivitySource($"Shop-{appId}");
        if (logging is null)
        {
            var builder = Sdk.CreateTracerProviderBuilder().AddSource(Source.Name);
            tracing?.Invoke(builder);
            _tracing = builder.AddMetrixExporter(Configure).Build();
        }
        else
        {
            _logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
            {
                logging(options);
                options.AddMetrixExporter(Configure);
            }));
        }

        void Configure(MetrixExporterOptions options)
        {
            options.AppId = appId;
            options.DevKey = DevKey;
            options.Endpoint = emulator.Endpoint;
            options.Period = TimeSpan.FromMilliseconds(10);
            options.Slugs["Purchase"] = "taqsq";
            options.Slugs["Refund"] = "qzrtw";
            options.Diagnostics = message =>
            {
                lock (_said)
                    _said.Add(message);
            };
            configure?.Invoke(options);
        }
    }

    public MetrixEmulator Emulator { get; }

    public string AppId { get; }

    public MeterRecorder Books { get; }

    public ActivitySource Source { get; }

    public TracerProvider Tracing => _tracing ?? throw new InvalidOperationException("This application only logs.");

    public ILogger Log => _logging?.CreateLogger("Shop") ?? throw new InvalidOperationException("This application only traces.");

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>An application that traces.</summary>
    /// <param name="configure">What is not as usual: <c>Purchase</c> and <c>Refund</c> are in the map, and batches come at
    /// once.</param>
    /// <param name="tracing">What tracing has before the exporter.</param>
    /// <param name="answer">What the emulator answers instead of its verdict.</param>
    public static Task<Telemetry> TraceAsync(
        Action<MetrixExporterOptions>? configure = null, Action<TracerProviderBuilder>? tracing = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null) => StartAsync(configure, tracing, null, answer);

    /// <summary>An application that logs.</summary>
    public static Task<Telemetry> LogAsync(
        Action<MetrixExporterOptions>? configure = null, Action<OpenTelemetryLoggerOptions>? logging = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        StartAsync(configure, null, logging ?? (options => options.IncludeScopes = true), answer);

    /// <summary>Ends the application, and returns what arrived.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await Task.Run(() =>
            {
                _tracing?.Dispose();
                _logging?.Dispose();
            });
            Source.Dispose();
        }

        return Emulator.Events;
    }

    /// <summary>Ends the application; one event should have arrived.</summary>
    public async Task<EmulatorEvent> SingleAsync() => Assert.Single(await CloseAsync());

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Emulator.DisposeAsync();
        Books.AssertClosed();
        Books.Dispose();
        Assert.All(Said, message => Assert.DoesNotContain(DevKey, message));
    }

    private static async Task<Telemetry> StartAsync(
        Action<MetrixExporterOptions>? configure, Action<TracerProviderBuilder>? tracing,
        Action<OpenTelemetryLoggerOptions>? logging, Func<EmulatorRequest, EmulatorResponse?>? answer)
    {
        var appId = TestData.AppId();
        var books = new MeterRecorder(appId);
        var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [appId] = DevKey },
            Answer = answer,
        });
        return new Telemetry(emulator, appId, books, configure, tracing, logging);
    }
}
