using Metrix.Emulator;
using Metrix.Tests.Support;
using Serilog.Core;

namespace Serilog.Sinks.Metrix.Tests.Support;

/// <summary>Represents an application that logs to the sink, with an emulator over real sockets.</summary>
internal sealed class Shop : TestApplication
{
    private Shop(MetrixEmulator emulator, string appId, Func<Shop, Logger> createLogger)
        : base(emulator, appId) => Logger = createLogger(this);

    public Logger Logger { get; }

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
        var appId = TestUser.AppId();
        return new Shop(await TestEmulator.StartAsync(appId, answer), appId, shop =>
        {
            var configuration = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.FromLogContext();
            logging?.Invoke(configuration);
            return configuration.WriteTo.Metrix(options =>
            {
                shop.Apply(options);
                options.Slugs["Purchase"] = "taqsq";
                options.Slugs["Refund"] = "qzrtw";
                configure?.Invoke(options);
            }).CreateLogger();
        });
    }

    /// <summary>
    /// Starts an application with the text of an appsettings.json. Replaces APPID and ENDPOINT in the text.
    /// </summary>
    public static async Task<Shop> StartAsync(string json)
    {
        var appId = TestUser.AppId();
        var emulator = await TestEmulator.StartAsync(appId);
        return new Shop(emulator, appId, _ => AppSettings.CreateLogger(
            json.Replace("APPID", appId).Replace("ENDPOINT", emulator.Endpoint.ToString())));
    }

    protected override Task CloseFrontEndAsync() => Logger.DisposeAsync().AsTask();
}
