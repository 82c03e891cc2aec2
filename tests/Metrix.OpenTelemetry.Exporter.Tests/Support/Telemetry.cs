using System.Diagnostics;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// Represents an application that traces or logs with the exporter, and an emulator over real sockets. Disposing it
/// asserts that the ledger is balanced and no event is pending.
/// </summary>
internal sealed class Telemetry : IAsyncDisposable
{
    public const string DevKey = "dev-key-of-the-shop";

    private readonly TracerProvider? _tracing;
    private readonly ILoggerFactory? _logging;
    private readonly List<string> _messages = [];
    private bool _isClosed;

    private Telemetry(
        MetrixEmulator emulator,
        string appId,
        MeterRecorder meter,
        Action<MetrixExporterOptions>? configure,
        Action<TracerProviderBuilder>? tracing,
        Action<OpenTelemetryLoggerOptions>? logging)
    {
        Emulator = emulator;
        AppId = appId;
        Meter = meter;
        Source = new ActivitySource($"Shop-{appId}");
        if (logging is null)
        {
            var builder = Sdk.CreateTracerProviderBuilder().AddSource(Source.Name);
            tracing?.Invoke(builder);
            _tracing = builder.AddMetrixExporter(Configure).Build();
        }
        else
        {
            _logging = LoggerFactory.Create(builder =>
            {
                builder.SetMinimumLevel(LogLevel.Trace);
                builder.AddOpenTelemetry(options =>
                {
                    logging(options);
                    options.AddMetrixExporter(Configure);
                });
            });
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
                lock (_messages)
                    _messages.Add(message);
            };
            configure?.Invoke(options);
        }
    }

    public MetrixEmulator Emulator { get; }

    public string AppId { get; }

    public MeterRecorder Meter { get; }

    public ActivitySource Source { get; }

    public TracerProvider Tracing => _tracing ?? throw new InvalidOperationException("This application only logs.");

    public ILogger Logger =>
        _logging?.CreateLogger("Shop") ?? throw new InvalidOperationException("This application only traces.");

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>
    /// Starts an application that traces, with the slugs of <c>Purchase</c> and <c>Refund</c> and a short period.
    /// </summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="tracing">Configures tracing before the exporter is added.</param>
    /// <param name="answer">Overrides the answer of the emulator.</param>
    public static Task<Telemetry> TraceAsync(
        Action<MetrixExporterOptions>? configure = null,
        Action<TracerProviderBuilder>? tracing = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null) => StartAsync(configure, tracing, null, answer);

    /// <summary>Starts an application that logs, with the same settings.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="logging">Configures logging before the exporter is added. Default: includes scopes.</param>
    /// <param name="answer">Overrides the answer of the emulator.</param>
    public static Task<Telemetry> LogAsync(
        Action<MetrixExporterOptions>? configure = null,
        Action<OpenTelemetryLoggerOptions>? logging = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null) =>
        StartAsync(configure, null, logging ?? (options => options.IncludeScopes = true), answer);

    /// <summary>Shuts the application down and returns the delivered events.</summary>
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

    /// <summary>Shuts the application down, asserts that one event was delivered, and returns it.</summary>
    public async Task<EmulatorEvent> SingleAsync() => Assert.Single(await CloseAsync());

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Emulator.DisposeAsync();
        Meter.AssertClosed();
        Meter.Dispose();
        Assert.All(Messages, message => Assert.DoesNotContain(DevKey, message));
    }

    private static async Task<Telemetry> StartAsync(
        Action<MetrixExporterOptions>? configure,
        Action<TracerProviderBuilder>? tracing,
        Action<OpenTelemetryLoggerOptions>? logging,
        Func<EmulatorRequest, EmulatorResponse?>? answer)
    {
        var appId = TestData.AppId();
        var meter = new MeterRecorder(appId);
        var emulator = await MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [appId] = DevKey },
            Answer = answer,
        });
        return new Telemetry(emulator, appId, meter, configure, tracing, logging);
    }
}
