using System.Diagnostics;
using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace Metrix.OpenTelemetry.Exporter.Tests.Support;

/// <summary>
/// Represents an application that traces or logs with the exporter, with an emulator over real sockets.
/// </summary>
internal sealed class Telemetry : TestApplication
{
    private readonly TracerProvider? _tracing;
    private readonly ILoggerFactory? _logging;

    private Telemetry(
        MetrixEmulator emulator,
        string appId,
        Action<MetrixExporterOptions>? configure,
        Action<TracerProviderBuilder>? tracing,
        Action<OpenTelemetryLoggerOptions>? logging)
        : base(emulator, appId)
    {
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
            Apply(options);
            options.Slugs["Purchase"] = "taqsq";
            options.Slugs["Refund"] = "qzrtw";
            configure?.Invoke(options);
        }
    }

    public ActivitySource Source { get; }

    public TracerProvider Tracing => _tracing ?? throw new InvalidOperationException("This application only logs.");

    public ILogger Logger =>
        _logging?.CreateLogger("Shop") ?? throw new InvalidOperationException("This application only traces.");

    /// <summary>
    /// Starts an application that traces, with the slugs of <c>Purchase</c> and <c>Refund</c> and a short period.
    /// </summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="tracing">Configures tracing before the exporter is added.</param>
    /// <param name="answer">Overrides the answer of the emulator.</param>
    public static async Task<Telemetry> TraceAsync(
        Action<MetrixExporterOptions>? configure = null,
        Action<TracerProviderBuilder>? tracing = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var appId = TestUser.AppId();
        return new Telemetry(await TestEmulator.StartAsync(appId, answer), appId, configure, tracing, logging: null);
    }

    /// <summary>Starts an application that logs, with the same settings.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="logging">Configures logging before the exporter is added. Default: includes scopes.</param>
    /// <param name="answer">Overrides the answer of the emulator.</param>
    public static async Task<Telemetry> LogAsync(
        Action<MetrixExporterOptions>? configure = null,
        Action<OpenTelemetryLoggerOptions>? logging = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var appId = TestUser.AppId();
        logging ??= options => options.IncludeScopes = true;
        return new Telemetry(await TestEmulator.StartAsync(appId, answer), appId, configure, tracing: null, logging);
    }

    /// <summary>Closes the application, asserts that one event was delivered, and returns it.</summary>
    public async Task<EmulatorEvent> SingleAsync() => Assert.Single(await CloseAsync());

    // Disposing a provider blocks until its events are delivered.
    protected override Task CloseFrontEndAsync() => Task.Run(() =>
    {
        _tracing?.Dispose();
        _logging?.Dispose();
        Source.Dispose();
    });
}
