using Metrix.Emulator;
using Metrix.Tests.Support;
using Microsoft.Extensions.Configuration;
using Serilog.Core;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>
/// An application that logs, the sink and the emulator, over real sockets. The books are balanced when it ends, whatever
/// the test was of.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    public const string DevKey = "dev-key-of-the-shop";

    private readonly MeterRecorder _books;
    private bool _isClosed;

    private Shop(string appId, MetrixEmulator emulator, Logger logger, MeterRecorder books)
    {
        AppId = appId;
        Emulator = emulator;
        Log = logger;
        _books = books;
    }

    public string AppId { get; }

    public MetrixEmulator Emulator { get; }

    public Logger Log { get; }

    public MeterRecorder Books => _books;

    /// <summary>Starts with settings in code.</summary>
    /// <param name="configure">What is not as usual: <c>Purchase</c> is in the map, and batches come at once.</param>
    /// <param name="logging">What the logger has besides the sink.</param>
    /// <param name="answer">What the emulator answers instead of its verdict.</param>
    public static async Task<Shop> StartAsync(
        Action<MetrixSinkOptions>? configure = null,
        Action<LoggerConfiguration>? logging = null,
        Func<EmulatorRequest, EmulatorResponse?>? answer = null)
    {
        var appId = TestData.AppId();
        var books = new MeterRecorder(appId);
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
        return new Shop(appId, emulator, logger, books);
    }

    /// <summary>Starts with the text of an appsettings.json, in which APPID and ENDPOINT are filled in.</summary>
    public static async Task<Shop> StartAsync(string json)
    {
        var appId = TestData.AppId();
        var books = new MeterRecorder(appId);
        var emulator = await StartEmulatorAsync(appId, answer: null);
        var logger = new LoggerConfiguration()
            .ReadFrom.Configuration(
                AppSettings.From(json.Replace("APPID", appId).Replace("ENDPOINT", emulator.Endpoint.ToString())))
            .CreateLogger();
        return new Shop(appId, emulator, logger, books);
    }

    /// <summary>A logger whose events have an end user.</summary>
    public ILogger LogOfUser => Log.ForContext(TestData.Identity);

    /// <summary>Closes the logger, as an application does at its end, and returns what arrived.</summary>
    public async Task<IReadOnlyList<EmulatorEvent>> CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await Log.DisposeAsync();
        }

        return Emulator.Events;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Emulator.DisposeAsync();
        _books.AssertClosed();
        _books.Dispose();
    }

    private static Task<MetrixEmulator> StartEmulatorAsync(string appId, Func<EmulatorRequest, EmulatorResponse?>? answer) =>
        MetrixEmulator.StartAsync(new MetrixEmulatorOptions
        {
            Apps = new Dictionary<string, string> { [appId] = DevKey },
            Answer = answer,
        });
}
