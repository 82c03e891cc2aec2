using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Serilog.Core;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>
/// Represents an application that logs to the sink, with an emulator over real sockets. Disposing it asserts that the
/// ledger is balanced and no event is pending.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string DevKey = "dev-key-of-the-shop";

    private bool _isClosed;

    private Shop(string appId, MetrixEmulator emulator, Logger logger, MeterRecorder meter)
    {
        AppId = appId;
        Emulator = emulator;
        Logger = logger;
        Meter = meter;
    }

    public string AppId { get; }

    public MetrixEmulator Emulator { get; }

    public Logger Logger { get; }

    public MeterRecorder Meter { get; }

    /// <summary>Gets a logger that adds the ids of an end user to its events.</summary>
    public ILogger UserLogger => Logger.ForContext(TestData.Identity);

    /// <summary>
    /// Starts an application with settings in code: the slugs of <c>Purchase</c> and <c>Refund</c>, and a short period.
    /// </summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="logging">Adds to the logger configuration.</param>
    /// <param name="answer">Overrides the answer of the emulator.</param>
    public static async Task<Shop> StartAsync(
        Action<MetrixSinkOptions>? configure = null,
        Action<LoggerConfiguration>? logging = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var appId = TestData.AppId();
        var meter = new MeterRecorder(appId);
        var emulator = await StartEmulatorAsync(appId, answer);
        var configuration = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.FromLogContext();
        logging?.Invoke(configuration);
        var logger = configuration.WriteTo.Metrix(options =>
        {
            options.AppId = appId;
            options.DevKey = DevKey;
            options.Endpoint = emulator.Endpoint;
            options.Period = TimeSpan.FromMilliseconds(10);
            options.Slugs["Purchase"] = "taqsq";
            options.Slugs["Refund"] = "qzrtw";
            configure?.Invoke(options);
        }).CreateLogger();
        return new Shop(appId, emulator, logger, meter);
    }

    /// <summary>
    /// Starts an application with the text of an appsettings.json. Replaces APPID and ENDPOINT in the text.
    /// </summary>
    public static async Task<Shop> StartAsync(string json)
    {
        var appId = TestData.AppId();
        var meter = new MeterRecorder(appId);
        var emulator = await StartEmulatorAsync(appId, answer: null);
        var logger = AppSettings.CreateLogger(
            json.Replace("APPID", appId).Replace("ENDPOINT", emulator.Endpoint.ToString()));
        return new Shop(appId, emulator, logger, meter);
    }

    /// <summary>Closes the logger, as an application does at shutdown, and returns the delivered events.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await Logger.DisposeAsync();
        }

        return Emulator.Events;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Emulator.DisposeAsync();
        Meter.AssertClosed();
        Meter.Dispose();
    }

    private static Task<MetrixEmulator> StartEmulatorAsync(
        string appId, Func<EmulatorRequest, EmulatorResponse?>? answer) =>
        MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [appId] = DevKey },
            Answer = answer,
        });
}
